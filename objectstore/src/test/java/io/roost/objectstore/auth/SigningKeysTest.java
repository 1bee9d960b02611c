package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SigningKeysTest {
    private final CredentialScope scope = new CredentialScope("20130524", "us-east-1");

    @Test
    void aKeyIsDerivedOnce() {
        SigningKeys keys = new SigningKeys(2);
        assertThat(keys.of(SdkSigner.KEY, scope))
                .isSameAs(keys.of(SdkSigner.KEY, new CredentialScope("20130524", "us-east-1")));
    }

    @Test
    void secretDateAndRegionTellKeysApart() {
        SigningKeys keys = new SigningKeys(9);
        AccessKey other = new AccessKey("other", "another secret", SdkSigner.KEY.identity());
        assertThat(keys.of(SdkSigner.KEY, scope))
                .isNotSameAs(keys.of(other, scope))
                .isNotSameAs(keys.of(SdkSigner.KEY, new CredentialScope("20130525", "us-east-1")))
                .isNotSameAs(keys.of(SdkSigner.KEY, new CredentialScope("20130524", "eu-west-1")));
    }

    @Test
    void theLeastRecentlyUsedKeyIsForgotten() {
        SigningKeys keys = new SigningKeys(2);
        CredentialScope second = new CredentialScope("20130525", "us-east-1");
        SigningKeys.SigningKey a = keys.of(SdkSigner.KEY, scope);
        SigningKeys.SigningKey b = keys.of(SdkSigner.KEY, second);
        assertThat(keys.of(SdkSigner.KEY, scope)).isSameAs(a);
        keys.of(SdkSigner.KEY, new CredentialScope("20130526", "us-east-1"));
        assertThat(keys.of(SdkSigner.KEY, scope)).isSameAs(a);
        assertThat(keys.of(SdkSigner.KEY, second)).isNotSameAs(b);
    }
}
