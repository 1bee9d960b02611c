package io.roost.mailstore.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.mailstore.sasl.SaslStep.Challenge;
import io.roost.mailstore.sasl.SaslStep.Failed;
import io.roost.mailstore.sasl.SaslStep.Identity;
import io.roost.mailstore.sasl.SaslStep.KeysWanted;
import io.roost.mailstore.sasl.SaslStep.PasswordOffered;
import io.roost.mailstore.sasl.ScramExchange.Variant;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mechanisms and stored secrets, with the vectors of their RFCs. */
class SaslTest {
    private static final String CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final Bytes SALT = Bytes.wrap(Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="));
    private static final ScramKeys KEYS = ScramKeys.of("pencil", SALT, 4096);
    private static final Bytes CERTIFICATE = Bytes.utf8("a hash of a certificate");

    private static Challenge challenge(String text) {
        return new Challenge(Bytes.utf8(text));
    }

    @Test
    void plainHasThreeParts() {
        // RFC 4616 section 4.
        assertThat(new PlainExchange().begin()).isEqualTo(challenge(""));
        assertThat(new PlainExchange().onResponse(Bytes.utf8("\0tim\0tanstaaftanstaaf")))
                .isEqualTo(new PasswordOffered(new Identity("tim", null), "tanstaaftanstaaf"));
        SaslStep kurt = new PlainExchange().onResponse(Bytes.utf8("Ursel\0Kurt\0xipj3plmq"));
        assertThat(kurt).isEqualTo(new PasswordOffered(new Identity("Kurt", "Ursel"), "xipj3plmq"));
        assertThat(((PasswordOffered) kurt).identity().mailboxOwner()).isEqualTo("Ursel");
        assertThat(kurt.toString()).doesNotContain("xipj");
        for (String malformed : List.of("", "a", "a\0b", "a\0\0c", "a\0b\0", "a\0b\0c\0d")) {
            assertThat(new PlainExchange().onResponse(Bytes.utf8(malformed))).isEqualTo(Failed.MALFORMED);
        }
        assertThat(new PlainExchange().onResponse(Bytes.of(0, 'a', 0, 0xff))).isEqualTo(Failed.MALFORMED);
        assertThat(new PlainExchange().onResponse(Bytes.utf8("\0a\0" + "x".repeat(10_000))))
                .isEqualTo(Failed.MALFORMED);
    }

    @Test
    void loginAsksTwice() {
        LoginExchange exchange = new LoginExchange();
        assertThat(exchange.begin()).isInstanceOf(Challenge.class);
        assertThat(exchange.onResponse(Bytes.utf8("joe"))).isInstanceOf(Challenge.class);
        assertThat(exchange.onResponse(Bytes.utf8("secret")))
                .isEqualTo(new PasswordOffered(new Identity("joe", null), "secret"));
        assertThat(new LoginExchange().onResponse(Bytes.EMPTY)).isEqualTo(Failed.MALFORMED);
    }

    private static ScramExchange afterFirst(Variant variant, Bytes binding, String first) {
        ScramExchange exchange = new ScramExchange(variant, binding);
        assertThat(exchange.onResponse(Bytes.utf8(first))).isInstanceOf(KeysWanted.class);
        assertThat(exchange.onKeys(KEYS, SERVER_NONCE)).isInstanceOf(Challenge.class);
        return exchange;
    }

    @Test
    void scramAnswersAsItsRfcShows() {
        // RFC 7677 section 3.
        ScramExchange exchange = new ScramExchange(Variant.PLAIN, null);
        assertThat(exchange.begin()).isEqualTo(challenge(""));
        assertThat(exchange.onResponse(Bytes.utf8("n,,n=user,r=" + CLIENT_NONCE)))
                .isEqualTo(new KeysWanted("user"));
        assertThat(exchange.onKeys(KEYS, SERVER_NONCE))
                .isEqualTo(challenge("r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
        assertThat(exchange.onResponse(Bytes.utf8(
                        "c=biws,r=" + CLIENT_NONCE + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")))
                .isEqualTo(challenge("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assertThat(exchange.onResponse(Bytes.EMPTY)).isEqualTo(new SaslStep.Authenticated(new Identity("user", null)));
        assertThatThrownBy(() -> exchange.onResponse(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
    }

    /** What a client sends last, by RFC 5802 section 3. */
    private static String lastMessage(String password, String header, Bytes binding, String firstBare) {
        byte[] salted = salted(password);
        byte[] clientKey = ScramKeys.hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        String cbind = Base64.getEncoder()
                .encodeToString(Bytes.utf8(header).concat(binding).array());
        String withoutProof = "c=" + cbind + ",r=" + CLIENT_NONCE + SERVER_NONCE;
        String serverFirst = "r=" + CLIENT_NONCE + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        String message = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] proof = ScramKeys.hmac(ScramKeys.sha256(clientKey), message.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    private static byte[] salted(String password) {
        // Hi() of RFC 5802 section 2.2, step by step.
        byte[] key = password.getBytes(StandardCharsets.UTF_8);
        byte[] u = ScramKeys.hmac(key, SALT.concat(Bytes.of(0, 0, 0, 1)).array());
        byte[] result = u.clone();
        for (int i = 1; i < 4096; i++) {
            u = ScramKeys.hmac(key, u);
            for (int j = 0; j < u.length; j++) {
                result[j] ^= u[j];
            }
        }
        return result;
    }

    @Test
    void scramPlusIsBoundToTheCertificate() {
        // RFC 5802 section 6, RFC 5929 section 4.
        String header = "p=tls-server-end-point,a=boss=2C=3D,";
        String bare = "n=us=3Der,r=" + CLIENT_NONCE;
        ScramExchange exchange = afterFirst(Variant.PLUS, CERTIFICATE, header + bare);
        assertThat(exchange.onResponse(Bytes.utf8(lastMessage("pencil", header, CERTIFICATE, bare))))
                .isInstanceOf(Challenge.class);
        assertThat(exchange.onResponse(Bytes.EMPTY))
                .isEqualTo(new SaslStep.Authenticated(new Identity("us=er", "boss,=")));
        ScramExchange intercepted = afterFirst(Variant.PLUS, CERTIFICATE, header + bare);
        assertThat(intercepted.onResponse(Bytes.utf8(lastMessage("pencil", header, Bytes.utf8("other"), bare))))
                .isEqualTo(Failed.CHANNEL_BINDING);
    }

    @Test
    void scramNoticesThatPlusWasHidden() {
        // RFC 5802 section 6: flag y while the server supports binding is an attack.
        ScramExchange hidden = new ScramExchange(Variant.PLAIN, CERTIFICATE);
        assertThat(hidden.onResponse(Bytes.utf8("y,,n=user,r=abc"))).isEqualTo(Failed.CHANNEL_BINDING);
        ScramExchange without = new ScramExchange(Variant.PLAIN, null);
        assertThat(without.onResponse(Bytes.utf8("y,,n=user,r=abc"))).isEqualTo(new KeysWanted("user"));
        ScramExchange unbound = new ScramExchange(Variant.PLUS, CERTIFICATE);
        assertThat(unbound.onResponse(Bytes.utf8("n,,n=user,r=abc"))).isEqualTo(Failed.CHANNEL_BINDING);
        ScramExchange otherType = new ScramExchange(Variant.PLUS, CERTIFICATE);
        assertThat(otherType.onResponse(Bytes.utf8("p=tls-unique,,n=user,r=abc")))
                .isEqualTo(Failed.CHANNEL_BINDING);
    }

    @Test
    void scramRefusesAWrongPassword() {
        String bare = "n=user,r=" + CLIENT_NONCE;
        ScramExchange exchange = afterFirst(Variant.PLAIN, null, "n,," + bare);
        assertThat(exchange.onResponse(Bytes.utf8(lastMessage("pen", "n,,", Bytes.EMPTY, bare))))
                .isEqualTo(Failed.WRONG_PASSWORD);
        ScramExchange unknown = new ScramExchange(Variant.PLAIN, null);
        assertThat(unknown.onResponse(Bytes.utf8("n,," + bare))).isEqualTo(new KeysWanted("user"));
        ScramKeys fake = ScramKeys.fake(Bytes.utf8("secret"), "user");
        assertThat(fake).isEqualTo(ScramKeys.fake(Bytes.utf8("secret"), "user"));
        assertThat(fake.salt())
                .isNotEqualTo(ScramKeys.fake(Bytes.utf8("secret"), "use").salt());
        unknown.onKeys(fake, SERVER_NONCE);
        assertThat(unknown.onResponse(Bytes.utf8(lastMessage("pencil", "n,,", Bytes.EMPTY, bare))))
                .isEqualTo(Failed.WRONG_PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n,",
                "n,,",
                "n,,n=user",
                "n,,r=abc,n=user",
                "n,,n=,r=abc",
                "n,,n=a=b,r=abc",
                "n,,n=a,r=",
                "n,,n=a,r=a b",
                "n,x=y,n=a,r=b",
                "n,a=a=,n=a,r=b",
                "q,,n=a,r=b",
                "n,,m=ext,n=a,r=b"
            })
    void scramRefusesWhatIsMalformed(String first) {
        assertThat(new ScramExchange(Variant.PLAIN, null).onResponse(Bytes.utf8(first)))
                .isEqualTo(Failed.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c=biws",
                "c=biws,r=x,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "r=x,c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=*,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb"
            })
    void scramRefusesAMalformedProof(String last) {
        ScramExchange exchange = afterFirst(Variant.PLAIN, null, "n,,n=user,r=" + CLIENT_NONCE);
        assertThat(exchange.onResponse(Bytes.utf8(last))).isEqualTo(Failed.MALFORMED);
    }

    @Test
    void passwordsArePrepared() {
        // RFC 4013 section 3.
        assertThat(new String(SaslText.prepared("I\u00adX"), StandardCharsets.UTF_8))
                .isEqualTo("IX");
        assertThat(new String(SaslText.prepared("\u00aa"), StandardCharsets.UTF_8))
                .isEqualTo("a");
        assertThat(new String(SaslText.prepared("\u2168"), StandardCharsets.UTF_8))
                .isEqualTo("IX");
        assertThat(new String(SaslText.prepared("a\u00a0b"), StandardCharsets.UTF_8))
                .isEqualTo("a b");
        assertThat(SaslText.prepared("a\u0007"))
                .as("forbidden, and taken as it is")
                .containsExactly('a', 7);
    }

    @Test
    void secretsOfOtherProgramsAreUnderstood() {
        // Of the tests of Argon2's reference implementation, of jBCrypt's, and PostgreSQL's form of RFC 7677's keys.
        StoredSecret argon2 = StoredSecret.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        assertThat(argon2.isOf("password")).isTrue();
        assertThat(argon2.isOf("Password")).isFalse();
        StoredSecret bcrypt = StoredSecret.parse("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe");
        assertThat(bcrypt.isOf("a")).isTrue();
        assertThat(bcrypt.isOf("b")).isFalse();
        StoredSecret scram = StoredSecret.parse(
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                        + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
        assertThat(scram.isOf("pencil")).isTrue();
        assertThat(scram.isOf("pencils")).isFalse();
    }

    @Test
    void secretsComeBackFromTheirText() {
        Bytes salt = Bytes.utf8("sixteen bytes ..");
        for (StoredSecret secret : List.of(
                StoredSecret.argon2id("p\u00e4ss", salt),
                StoredSecret.bcrypt("p\u00e4ss", salt, 4),
                StoredSecret.scram(ScramKeys.of("p\u00e4ss", salt, 4096)))) {
            StoredSecret parsed = StoredSecret.parse(secret.text());
            assertThat(parsed).isEqualTo(secret);
            assertThat(parsed.isOf("p\u00e4ss")).isTrue();
            assertThat(parsed.isOf("pass")).isFalse();
            assertThat(parsed.toString())
                    .doesNotContain(secret.text().substring(secret.text().length() - 10));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pencil",
                "{PLAIN}pencil",
                "$argon2i$v=19$m=16,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
                "$argon2id$v=19$m=999999999,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
                "$argon2id$v=19$m=16,t=101,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
                "$2b$31$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe",
                "SCRAM-SHA-256$1:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d:wfPL"
            })
    void secretsBeyondBoundsAreNotTaken(String text) {
        assertThat(StoredSecret.parse(text)).isNull();
    }
}
