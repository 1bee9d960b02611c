package io.roost.objectstore.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.Requester;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
    private static final Requester OWNER = new Requester("75aa57f0", "joe", Requester.Rights.OWNER);

    private static ListRequest request(String prefix, String delimiter, ListRequest.Encoding encoding) {
        return new ListRequest("b", Bytes.utf8(prefix), Bytes.utf8(delimiter), Bytes.EMPTY, 1000, encoding);
    }

    private static ObjectListing listing(Bytes key) {
        return new ObjectListing(
                List.of(new ListedObject(key, 0, "d41d8cd98f00b204e9800998ecf8427e", 7, "STANDARD", "", "")),
                List.of(Bytes.utf8("p/")),
                true,
                Bytes.utf8("p/"));
    }

    @Test
    void listingOfVersion2HasTheElementsOfTheReference() {
        String xml = ListDocuments.v2(
                        request("a b", "/", ListRequest.Encoding.URL),
                        "T1",
                        listing(Bytes.utf8("a b")),
                        "T2",
                        ListDocuments.Owners.HIDDEN,
                        OWNER)
                .utf8();
        assertThat(xml)
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
                        + "<Prefix>a%20b</Prefix><ContinuationToken>T1</ContinuationToken>"
                        + "<NextContinuationToken>T2</NextContinuationToken><KeyCount>2</KeyCount>"
                        + "<MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType>"
                        + "<IsTruncated>true</IsTruncated><Contents><Key>a%20b</Key>"
                        + "<LastModified>1970-01-01T00:00:00.000Z</LastModified>"
                        + "<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>7</Size>"
                        + "<StorageClass>STANDARD</StorageClass></Contents>"
                        + "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>");
    }

    @Test
    void listingOfVersion1NamesOwnersAndTheNextMarkerOnlyWithADelimiter() {
        ObjectListing page = listing(Bytes.utf8("k"));
        assertThat(ListDocuments.v1(request("", "/", ListRequest.Encoding.PLAIN), page, OWNER)
                        .utf8())
                .contains("<Marker></Marker><NextMarker>p/</NextMarker>")
                .contains("<Owner><ID>75aa57f0</ID><DisplayName>joe</DisplayName></Owner>");
        assertThat(ListDocuments.v1(request("", "", ListRequest.Encoding.PLAIN), page, OWNER)
                        .utf8())
                .doesNotContain("NextMarker");
    }

    @Test
    void markupAndCharactersThatXmlCannotHoldAreReferences() {
        Bytes key = Bytes.utf8("<&>\"'\u0001\r\té\uFFFE\uFFFF\uFEFF");
        assertThat(ListDocuments.v1(request("", "", ListRequest.Encoding.PLAIN), listing(key), OWNER)
                        .utf8())
                .contains("<Key>&lt;&amp;&gt;&quot;'&#x1;&#xd;\té&#xfffe;&#xffff;\uFEFF</Key>");
    }

    @Test
    void deleteRequestIsReadWithOrWithoutNamespace() {
        DeleteDocuments.Request request = DeleteDocuments.parse(
                Bytes.utf8("<?xml version=\"1.0\"?><!-- c --><Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + "<Quiet>true</Quiet><Object><Key>a&amp;b</Key></Object>\n"
                        + "<Object><Key> c </Key><VersionId>v</VersionId><X><Y>z</Y></X></Object></Delete>"));
        assertThat(request.detail()).isEqualTo(DeleteDocuments.Detail.QUIET);
        assertThat(request.victims())
                .containsExactly(
                        new DeleteDocuments.Victim(Bytes.utf8("a&b"), "", ""),
                        new DeleteDocuments.Victim(Bytes.utf8(" c "), "v", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<Delete/>",
                "<Delete><Object></Object></Delete>",
                "<Delete><Object><Key>a</Key></Object>",
                "<Other><Object><Key>a</Key></Object></Other>",
                "<Delete>text<Object><Key>a</Key></Object></Delete>",
                "<!DOCTYPE d [<!ENTITY e \"x\">]><Delete><Object><Key>&e;</Key></Object></Delete>",
                "<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><Delete><Object><Key>&d;</Key></Object></Delete>",
            })
    void otherDocumentsAreMalformed(String document) {
        assertThatThrownBy(() -> DeleteDocuments.parse(Bytes.utf8(document)))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_XML));
    }

    @Test
    void moreThanThousandKeysAreMalformed() {
        String objects = "<Object><Key>k</Key></Object>".repeat(1001);
        assertThatThrownBy(() -> DeleteDocuments.parse(Bytes.utf8("<Delete>" + objects + "</Delete>")))
                .isInstanceOf(S3Exception.class);
    }

    @Test
    void completeRequestKeepsOrderAndChecksums() {
        assertThat(CompleteUploadDocument.parse(Bytes.utf8("<CompleteMultipartUpload><Part><ETag>&quot;e2&quot;</ETag>"
                        + "<PartNumber>2</PartNumber><ChecksumCRC32>AAAA</ChecksumCRC32></Part>"
                        + "<Part><PartNumber>1</PartNumber><ETag>e1</ETag></Part></CompleteMultipartUpload>")))
                .containsExactly(
                        new CompleteUploadDocument.Part(2, "e2", Map.of("CRC32", "AAAA")),
                        new CompleteUploadDocument.Part(1, "e1", Map.of()));
    }

    @Test
    void bucketLocationIsEmptyForUsEast1() {
        assertThat(BucketDocuments.location("us-east-1").utf8()).endsWith("></LocationConstraint>");
        assertThat(BucketDocuments.location("eu-x").utf8()).endsWith(">eu-x</LocationConstraint>");
        assertThat(
                        CreateBucketDocument.locationConstraint(
                                Bytes.utf8(
                                        "<CreateBucketConfiguration><LocationConstraint>eu-x</LocationConstraint></CreateBucketConfiguration>")))
                .isEqualTo("eu-x");
    }

    @Test
    void errorDocumentHasNoNamespace() {
        assertThat(ErrorDocument.of(
                                "NoSuchKey",
                                "The key",
                                List.of(new S3Exception.Detail("Key", "a<b")),
                                "/b/a",
                                "ID",
                                "HOST")
                        .utf8())
                .endsWith("<Error><Code>NoSuchKey</Code><Message>The key</Message><Key>a&lt;b</Key>"
                        + "<Resource>/b/a</Resource><RequestId>ID</RequestId><HostId>HOST</HostId></Error>");
    }
}
