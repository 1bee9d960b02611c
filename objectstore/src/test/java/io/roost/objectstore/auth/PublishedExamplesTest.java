package io.roost.objectstore.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of AWS's documents, signature for signature. */
class PublishedExamplesTest {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String CREDENTIAL =
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=";
    private static final String HOST = "examplebucket.s3.amazonaws.com";

    /** "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk". */
    @Test
    void getObjectVerifies() {
        Authenticated authenticated = verify(
                "GET",
                "/test.txt",
                "",
                RequestHeaders.of(
                        "Host",
                        HOST,
                        "Authorization",
                        CREDENTIAL
                                + "host;range;x-amz-content-sha256;x-amz-date,"
                                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
                        "Range",
                        "bytes=0-9",
                        "x-amz-content-sha256",
                        EMPTY_SHA256,
                        "x-amz-date",
                        "20130524T000000Z"));

        assertThat(authenticated.identity()).isEqualTo(SdkSigner.KEY.identity());
        assertThat(authenticated.payload()).isEqualTo(new PayloadMode.Hashed(Bytes.hex(EMPTY_SHA256)));
    }

    @Test
    void putObjectVerifies() {
        String sha256 = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
        RequestHeaders headers = RequestHeaders.of(
                "Host",
                HOST,
                "Date",
                "Fri, 24 May 2013 00:00:00 GMT",
                "Authorization",
                CREDENTIAL
                        + "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                        + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
                "x-amz-date",
                "20130524T000000Z",
                "x-amz-storage-class",
                "REDUCED_REDUNDANCY",
                "x-amz-content-sha256",
                sha256);

        assertThat(verify("PUT", "/test$file.text", "", headers).payload())
                .isEqualTo(new PayloadMode.Hashed(Bytes.hex(sha256)));
        assertThat(verify("PUT", "/test%24file.text", "", headers).payload())
                .isEqualTo(new PayloadMode.Hashed(Bytes.hex(sha256)));
    }

    @Test
    void getBucketLifecycleVerifies() {
        verify(
                "GET",
                "/",
                "lifecycle",
                RequestHeaders.of(
                        "Host",
                        HOST,
                        "Authorization",
                        CREDENTIAL
                                + "host;x-amz-content-sha256;x-amz-date,"
                                + "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
                        "x-amz-date",
                        "20130524T000000Z",
                        "x-amz-content-sha256",
                        EMPTY_SHA256));
    }

    @Test
    void listObjectsVerifies() {
        verify(
                "GET",
                "/",
                "prefix=J&max-keys=2",
                RequestHeaders.of(
                        "Host",
                        HOST,
                        "Authorization",
                        CREDENTIAL
                                + "host;x-amz-content-sha256;x-amz-date,"
                                + "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
                        "x-amz-date",
                        "20130524T000000Z",
                        "x-amz-content-sha256",
                        EMPTY_SHA256));
    }

    /** "Authenticating Requests: Using Query Parameters". */
    @Test
    void presignedGetVerifies() {
        Authenticated authenticated = verify(
                "GET",
                "/test.txt",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
                RequestHeaders.of("Host", HOST));

        assertThat(authenticated.payload()).isEqualTo(PayloadMode.Unsigned.INSTANCE);
    }

    /** "Signing and authenticating REST requests (AWS signature version 2)". */
    @Test
    void signatureV2ObjectGetVerifies() {
        verifyV2(
                "GET",
                "/photos/puppy.jpg",
                "",
                "johnsmith.s3.amazonaws.com",
                "2007-03-27T19:36:42Z",
                "Date",
                "Tue, 27 Mar 2007 19:36:42 +0000",
                "Authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:bWq2s1WEIj+Ydj0vQ697zp+IXMU=");
    }

    @Test
    void signatureV2ObjectPutVerifies() {
        verifyV2(
                "PUT",
                "/photos/puppy.jpg",
                "",
                "johnsmith.s3.amazonaws.com",
                "2007-03-27T21:15:45Z",
                "Content-Type",
                "image/jpeg",
                "Content-Length",
                "94328",
                "Date",
                "Tue, 27 Mar 2007 21:15:45 +0000",
                "Authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:MyyxeRY7whkBe+bq8fHCL/2kKUg=");
    }

    @Test
    void signatureV2ListVerifies() {
        verifyV2(
                "GET",
                "/",
                "prefix=photos&max-keys=50&marker=puppy",
                "johnsmith.s3.amazonaws.com",
                "2007-03-27T19:42:41Z",
                "Date",
                "Tue, 27 Mar 2007 19:42:41 +0000",
                "Authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:htDYFYduRNen8P9ZfE/s9SuKy0U=");
    }

    @Test
    void signatureV2GetAclVerifies() {
        verifyV2(
                "GET",
                "/",
                "acl",
                "johnsmith.s3.amazonaws.com",
                "2007-03-27T19:44:46Z",
                "Date",
                "Tue, 27 Mar 2007 19:44:46 +0000",
                "Authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:c2WLPFtWHVgbEmeEG93a4cG37dM=");
    }

    @Test
    void signatureV2PathStyleDeleteVerifies() {
        verifyV2(
                "DELETE",
                "/johnsmith/photos/puppy.jpg",
                "",
                "s3.amazonaws.com",
                "2007-03-27T21:20:26Z",
                "Date",
                "Tue, 27 Mar 2007 21:20:26 +0000",
                "Authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:lx3byBScXR6KzyMaifNkardMwNk=");
    }

    @Test
    void signatureV2QueryVerifiesUntilItExpires() {
        String query =
                "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
        verifyV2("GET", "/photos/puppy.jpg", query, "johnsmith.s3.amazonaws.com", "2007-03-27T21:20:26Z");
        assertThatThrownBy(() -> verifyV2(
                        "GET", "/photos/puppy.jpg", query, "johnsmith.s3.amazonaws.com", "2007-03-29T03:40:20Z"))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.ACCESS_DENIED));
    }

    private static Authenticated verify(String method, String path, String query, RequestHeaders headers) {
        return SdkSigner.authenticate(
                new RawRequest(method, path, query, headers, SdkSigner.NOW_MILLIS), SdkSigner.RULES);
    }

    private static void verifyV2(String method, String path, String query, String host, String now, String... headers) {
        RequestHeaders.Builder all = new RequestHeaders.Builder().add("Host", host);
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        AuthenticationRules rules = new AuthenticationRules(
                "us-east-1",
                AuthenticationRules.RegionRule.EXACT,
                AuthenticationRules.SignatureV2Rule.ACCEPTED,
                List.of("s3.amazonaws.com"));
        RawRequest request = new RawRequest(
                method, path, query, all.build(), Instant.parse(now).toEpochMilli());
        assertThat(SdkSigner.authenticate(request, rules).identity()).isEqualTo(SdkSigner.KEY.identity());
        // Off unless switched on.
        assertThatThrownBy(() -> SdkSigner.authenticate(request, SdkSigner.RULES))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INVALID_REQUEST));
    }
}
