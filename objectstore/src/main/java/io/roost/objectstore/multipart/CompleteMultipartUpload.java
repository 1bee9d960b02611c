package io.roost.objectstore.multipart;

import io.roost.cluster.object.Bytes;
import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.Operation;
import io.roost.objectstore.PercentCoding;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.S3Request;
import io.roost.objectstore.S3Response;
import io.roost.objectstore.bucket.BucketDirectory.BucketReply;
import io.roost.objectstore.bucket.ClassErrors;
import io.roost.objectstore.classes.ClassStatus;
import io.roost.objectstore.classes.CompleteClass;
import io.roost.objectstore.classes.Conditions;
import io.roost.objectstore.classes.UploadClass;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ChecksumType;
import io.roost.objectstore.layout.CompletedRow;
import io.roost.objectstore.layout.ETag;
import io.roost.objectstore.object.ObjectHeaders;
import io.roost.objectstore.object.Preconditions;
import io.roost.objectstore.object.Storage;
import io.roost.objectstore.xml.CompleteUploadDocument;
import io.roost.objectstore.xml.UploadDocuments;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** CompleteMultipartUpload: one transaction, answered alike when it is asked for again within a day. */
public final class CompleteMultipartUpload implements Operation {
    /** 10,000 parts with a number, an ETag and a checksum each. */
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;

    private final Storage storage;

    /** The operation on a storage. */
    public CompleteMultipartUpload(Storage storage) {
        this.storage = storage;
    }

    /** What the request asks for, once its document has been read. */
    private record Wanted(
            S3Request request, Bytes uploadId, List<CompleteUploadDocument.Part> parts, Conditions conditions) {}

    @Override
    public Future<S3Response> answer(S3Request request) {
        Bytes uploadId = UploadId.of(request);
        Conditions conditions = Preconditions.forWrite(request.headers());
        return storage.buckets()
                .of(request)
                .compose(bucket -> request.body().document(MAX_DOCUMENT_BYTES))
                .map(CompleteUploadDocument::parse)
                .compose(parts -> {
                    Wanted wanted = new Wanted(request, uploadId, parts, conditions);
                    return checksumOf(wanted).compose(checksum -> complete(wanted, checksum));
                });
    }

    /** The checksum of the open upload; none of one that is gone, which has been completed or never was. */
    private Future<ChecksumMark> checksumOf(Wanted wanted) {
        S3Request request = wanted.request();
        return storage.buckets()
                .callOnKey(
                        request,
                        request.key(),
                        bucket -> new UploadClass.GetParameters(request.key(), wanted.uploadId()).call())
                .map(reply -> reply.status() == ClassStatus.OK
                        ? UploadClass.GetReply.decode(reply.reply().output())
                                .upload()
                                .checksum()
                        : ChecksumMark.NONE);
    }

    private Future<S3Response> complete(Wanted wanted, ChecksumMark checksum) {
        S3Request request = wanted.request();
        checkType(request.headers(), checksum);
        List<CompleteClass.ListedPart> parts = listed(wanted.parts(), checksum);
        CompleteClass.Terms terms = new CompleteClass.Terms(
                request.nowMillis(),
                storage.ids().tag(),
                storage.garbageDueMillis(),
                sizeBytes(request.header("x-amz-mp-object-size")),
                expected(request.headers(), checksum, parts.size()));
        return storage.buckets()
                .callOnKey(
                        request,
                        request.key(),
                        bucket -> new CompleteClass.Parameters(
                                        bucket.shardRef(),
                                        request.key(),
                                        wanted.uploadId(),
                                        parts,
                                        wanted.conditions(),
                                        terms)
                                .call())
                .map(reply -> answer(wanted, terms, reply));
    }

    private static void checkType(RequestHeaders headers, ChecksumMark checksum) {
        String type = headers.first("x-amz-checksum-type");
        boolean isOther = type != null
                && !checksum.isNone()
                && !type.equals(checksum.type().name());
        if (isOther) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The upload was created using the " + checksum.type().name()
                            + " checksum mode. The complete request must use the same checksum mode.");
        }
    }

    private static List<CompleteClass.ListedPart> listed(
            List<CompleteUploadDocument.Part> parts, ChecksumMark checksum) {
        List<CompleteClass.ListedPart> listed = new ArrayList<>(parts.size());
        for (CompleteUploadDocument.Part part : parts) {
            String value = checksum.isNone() ? null : part.checksums().get(checksum.algorithm());
            Bytes bytes = value == null ? Bytes.EMPTY : base64(value, checksum.algorithm());
            listed.add(new CompleteClass.ListedPart(part.number(), md5(part), bytes));
        }
        return listed;
    }

    private static Bytes md5(CompleteUploadDocument.Part part) {
        String text = part.etag();
        boolean isMd5 = text.length() == 2 * ETag.MD5_BYTES;
        for (int i = 0; isMd5 && i < text.length(); i++) {
            isMd5 = HexFormat.isHexDigit(text.charAt(i));
        }
        if (!isMd5) {
            throw badPart(S3Error.INVALID_PART, part, 0);
        }
        return Bytes.hex(text);
    }

    private static Bytes base64(String text, String algorithm) {
        try {
            byte[] value = Base64.getDecoder().decode(text);
            if (value.length == ChecksumAlgorithm.ofWireName(algorithm).lengthBytes()) {
                return Bytes.wrap(value);
            }
        } catch (IllegalArgumentException e) {
            // Told below, as a value of another length is.
        }
        throw new S3Exception(S3Error.INVALID_REQUEST, "Value for a " + algorithm + " checksum is invalid.");
    }

    /** The checksum that the object must have: of a composite one the client may name the number of parts too. */
    private static Bytes expected(RequestHeaders headers, ChecksumMark checksum, int partCount) {
        if (checksum.isNone()) {
            return Bytes.EMPTY;
        }
        String text =
                headers.first(ChecksumAlgorithm.ofWireName(checksum.algorithm()).headerName());
        if (text == null) {
            return Bytes.EMPTY;
        }
        String suffix = "-" + partCount;
        boolean isNumbered = checksum.type() == ChecksumType.COMPOSITE && text.endsWith(suffix);
        return base64(isNumbered ? text.substring(0, text.length() - suffix.length()) : text, checksum.algorithm());
    }

    private static long sizeBytes(String header) {
        if (header == null) {
            return CompleteClass.NO_SIZE;
        }
        try {
            long size = Long.parseLong(header);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Told below, as a negative number is.
        }
        throw new S3Exception(S3Error.INVALID_REQUEST, "Value for x-amz-mp-object-size header is invalid.");
    }

    private static S3Response answer(Wanted wanted, CompleteClass.Terms terms, BucketReply reply) {
        if (reply.status() != ClassStatus.OK) {
            throw refusal(wanted, terms, reply);
        }
        CompletedRow completed = CompletedRow.decode(reply.reply().output());
        S3Request request = wanted.request();
        S3Response response = new S3Response(200);
        ObjectHeaders.version(response, completed.versionId());
        String location = "http://" + request.header("host") + "/" + request.bucket() + "/"
                + PercentCoding.encode(request.key()).utf8();
        return response.xml(UploadDocuments.completed(
                location, request.bucket(), request.key(), completed.eTag().text(), checksum(completed)));
    }

    private static UploadDocuments.Checksum checksum(CompletedRow completed) {
        ChecksumMark mark = completed.checksum();
        return mark.isNone()
                ? UploadDocuments.Checksum.NONE
                : new UploadDocuments.Checksum(
                        mark.algorithm(),
                        ObjectHeaders.checksumText(mark, completed.eTag(), completed.checksumValue()),
                        mark.type().name());
    }

    private static S3Exception refusal(Wanted wanted, CompleteClass.Terms terms, BucketReply reply) {
        Bytes output = reply.reply().output();
        return switch (reply.status()) {
            case INVALID_PART -> badPart(S3Error.INVALID_PART, wanted, CompleteClass.BadPart.decode(output));
            case ENTITY_TOO_SMALL -> badPart(S3Error.ENTITY_TOO_SMALL, wanted, CompleteClass.BadPart.decode(output));
            case CONFLICT ->
                terms.checksum().isEmpty()
                        ? new S3Exception(
                                S3Error.INVALID_REQUEST,
                                "The provided 'x-amz-mp-object-size' header does not match what was computed.")
                        : new S3Exception(S3Error.BAD_DIGEST);
            default -> ClassErrors.of(reply.status());
        };
    }

    private static S3Exception badPart(S3Error error, Wanted wanted, CompleteClass.BadPart bad) {
        for (CompleteUploadDocument.Part part : wanted.parts()) {
            if (part.number() == bad.number()) {
                return badPart(error, part, bad.sizeBytes());
            }
        }
        return new S3Exception(error);
    }

    private static S3Exception badPart(S3Error error, CompleteUploadDocument.Part part, long sizeBytes) {
        S3Exception.Detail number = new S3Exception.Detail("PartNumber", Integer.toString(part.number()));
        S3Exception.Detail eTag = new S3Exception.Detail("ETag", part.etag());
        if (error != S3Error.ENTITY_TOO_SMALL) {
            return new S3Exception(error, error.defaultMessage(), number, eTag);
        }
        return new S3Exception(
                error,
                error.defaultMessage(),
                new S3Exception.Detail("ProposedSize", Long.toString(sizeBytes)),
                new S3Exception.Detail("MinSizeAllowed", Long.toString(CompleteClass.MIN_PART_BYTES)),
                number,
                eTag);
    }
}
