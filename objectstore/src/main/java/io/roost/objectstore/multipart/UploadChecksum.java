package io.roost.objectstore.multipart;

import io.roost.objectstore.ChecksumAlgorithm;
import io.roost.objectstore.RequestHeaders;
import io.roost.objectstore.S3Error;
import io.roost.objectstore.S3Exception;
import io.roost.objectstore.layout.ChecksumMark;
import io.roost.objectstore.layout.ChecksumType;

/** The additional checksum that an upload is begun with. */
final class UploadChecksum {
    private UploadChecksum() {}

    /**
     * What x-amz-checksum-algorithm and x-amz-checksum-type ask for.
     *
     * @throws S3Exception InvalidRequest for an unknown algorithm or a type that it cannot have
     */
    static ChecksumMark of(RequestHeaders headers) {
        String name = headers.first("x-amz-checksum-algorithm");
        String typeName = headers.first("x-amz-checksum-type");
        if (name == null) {
            if (typeName != null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return ChecksumMark.NONE;
        }
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.ofWireName(name);
        if (algorithm == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Checksum algorithm provided is unsupported. Please try again with any of the valid types:"
                            + " [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        }
        ChecksumAlgorithm.Type type = typeName == null ? algorithm.defaultType() : type(typeName);
        if (!algorithm.supports(type)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The " + type + " checksum type cannot be used with the " + name + " checksum algorithm.");
        }
        return new ChecksumMark(
                algorithm.wireName(),
                type == ChecksumAlgorithm.Type.COMPOSITE ? ChecksumType.COMPOSITE : ChecksumType.FULL_OBJECT);
    }

    private static ChecksumAlgorithm.Type type(String name) {
        return switch (name) {
            case "COMPOSITE" -> ChecksumAlgorithm.Type.COMPOSITE;
            case "FULL_OBJECT" -> ChecksumAlgorithm.Type.FULL_OBJECT;
            default ->
                throw new S3Exception(S3Error.INVALID_REQUEST, "Value for x-amz-checksum-type header is invalid.");
        };
    }
}
