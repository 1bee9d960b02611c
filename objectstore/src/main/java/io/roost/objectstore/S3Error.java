package io.roost.objectstore;

/**
 * The errors of the S3 API that Roost answers, each with its literal code, HTTP status and message, after the list of
 * error responses in the AWS S3 API reference. {@code InsufficientStorage} is ours: AWS has no full store.
 */
public enum S3Error {
    /** AccessDenied, 403. */
    ACCESS_DENIED("AccessDenied", 403, "Access Denied"),
    /** AccountProblem, 403. */
    ACCOUNT_PROBLEM("AccountProblem", 403, "There is a problem with your account."),
    /** AuthorizationHeaderMalformed, 400. */
    AUTHORIZATION_HEADER_MALFORMED(
            "AuthorizationHeaderMalformed", 400, "The authorization header that you provided is not valid."),
    /** AuthorizationQueryParametersError, 400. */
    AUTHORIZATION_QUERY_PARAMETERS_ERROR(
            "AuthorizationQueryParametersError",
            400,
            "The authorization query parameters that you provided are not valid."),
    /** BadDigest, 400. */
    BAD_DIGEST(
            "BadDigest",
            400,
            "The Content-MD5 or checksum value that you specified did not match what the server received."),
    /** BucketAlreadyExists, 409. */
    BUCKET_ALREADY_EXISTS(
            "BucketAlreadyExists",
            409,
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Specify a different name and try again."),
    /** BucketAlreadyOwnedByYou, 409. */
    BUCKET_ALREADY_OWNED_BY_YOU(
            "BucketAlreadyOwnedByYou", 409, "The bucket that you tried to create already exists, and you own it."),
    /** BucketNotEmpty, 409. */
    BUCKET_NOT_EMPTY("BucketNotEmpty", 409, "The bucket that you tried to delete is not empty."),
    /** ConditionalRequestConflict, 409. */
    CONDITIONAL_REQUEST_CONFLICT(
            "ConditionalRequestConflict", 409, "A conflicting operation occurred during the request. Try again."),
    /** EntityTooLarge, 400. */
    ENTITY_TOO_LARGE("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size."),
    /** EntityTooSmall, 400. */
    ENTITY_TOO_SMALL("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed object size."),
    /** IllegalLocationConstraintException, 400. */
    ILLEGAL_LOCATION_CONSTRAINT(
            "IllegalLocationConstraintException",
            400,
            "The location constraint is incompatible for the region specific endpoint this request was sent to."),
    /** IncompleteBody, 400. */
    INCOMPLETE_BODY(
            "IncompleteBody",
            400,
            "You did not provide the number of bytes specified by the Content-Length HTTP header."),
    /** InternalError, 500. */
    INTERNAL_ERROR("InternalError", 500, "We encountered an internal error. Please try again."),
    /** InvalidAccessKeyId, 403. */
    INVALID_ACCESS_KEY_ID(
            "InvalidAccessKeyId", 403, "The AWS access key ID that you provided does not exist in our records."),
    /** InvalidArgument, 400. */
    INVALID_ARGUMENT("InvalidArgument", 400, "Invalid Argument"),
    /** InvalidBucketName, 400. */
    INVALID_BUCKET_NAME("InvalidBucketName", 400, "The specified bucket is not valid."),
    /** InvalidChunkSizeError, 400. */
    INVALID_CHUNK_SIZE(
            "InvalidChunkSizeError", 400, "Only the last chunk is allowed to have a size less than 8192 bytes."),
    /** InvalidDigest, 400. */
    INVALID_DIGEST("InvalidDigest", 400, "The Content-MD5 or checksum value that you specified is not valid."),
    /** InvalidLocationConstraint, 400. */
    INVALID_LOCATION_CONSTRAINT("InvalidLocationConstraint", 400, "The specified location constraint is not valid."),
    /** InvalidObjectState, 403. */
    INVALID_OBJECT_STATE("InvalidObjectState", 403, "The operation is not valid for the object's access tier."),
    /** InvalidPart, 400. */
    INVALID_PART(
            "InvalidPart",
            400,
            "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag."),
    /** InvalidPartNumber, 416. */
    INVALID_PART_NUMBER("InvalidPartNumber", 416, "The requested partnumber is not satisfiable"),
    /** InvalidPartOrder, 400. */
    INVALID_PART_ORDER(
            "InvalidPartOrder",
            400,
            "The list of parts was not in ascending order. Parts must be ordered by part number."),
    /** InvalidRange, 416. */
    INVALID_RANGE("InvalidRange", 416, "The requested range is not satisfiable"),
    /** InvalidRequest, 400. */
    INVALID_REQUEST("InvalidRequest", 400, "Invalid Request"),
    /** InvalidStorageClass, 400. */
    INVALID_STORAGE_CLASS("InvalidStorageClass", 400, "The storage class that you specified is not valid."),
    /** InvalidToken, 400. */
    INVALID_TOKEN("InvalidToken", 400, "The provided token is malformed or otherwise not valid."),
    /** InvalidURI, 400. */
    INVALID_URI("InvalidURI", 400, "Couldn't parse the specified URI."),
    /** KeyTooLongError, 400. */
    KEY_TOO_LONG("KeyTooLongError", 400, "Your key is too long"),
    /** MalformedACLError, 400. */
    MALFORMED_ACL(
            "MalformedACLError",
            400,
            "The XML that you provided was not well formed or did not validate against our published schema."),
    /** MalformedTrailerError, 400. */
    MALFORMED_TRAILER(
            "MalformedTrailerError",
            400,
            "The request contained trailing data that was not well-formed or did not conform to our published schema."),
    /** MalformedXML, 400. */
    MALFORMED_XML(
            "MalformedXML",
            400,
            "The XML that you provided was not well formed or did not validate against our published schema."),
    /** MaxMessageLengthExceeded, 400. */
    MAX_MESSAGE_LENGTH_EXCEEDED("MaxMessageLengthExceeded", 400, "Your request was too large."),
    /** MetadataTooLarge, 400. */
    METADATA_TOO_LARGE("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size."),
    /** MethodNotAllowed, 405. */
    METHOD_NOT_ALLOWED("MethodNotAllowed", 405, "The specified method is not allowed against this resource."),
    /** MissingContentLength, 411. */
    MISSING_CONTENT_LENGTH("MissingContentLength", 411, "You must provide the Content-Length HTTP header."),
    /** MissingRequestBodyError, 400. */
    MISSING_REQUEST_BODY("MissingRequestBodyError", 400, "Request body is empty."),
    /** MissingSecurityHeader, 400. */
    MISSING_SECURITY_HEADER("MissingSecurityHeader", 400, "Your request is missing a required header."),
    /** NoSuchBucket, 404. */
    NO_SUCH_BUCKET("NoSuchBucket", 404, "The specified bucket does not exist"),
    /** NoSuchBucketPolicy, 404. */
    NO_SUCH_BUCKET_POLICY("NoSuchBucketPolicy", 404, "The bucket policy does not exist"),
    /** NoSuchCORSConfiguration, 404. */
    NO_SUCH_CORS_CONFIGURATION("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"),
    /** NoSuchKey, 404. */
    NO_SUCH_KEY("NoSuchKey", 404, "The specified key does not exist."),
    /** NoSuchLifecycleConfiguration, 404. */
    NO_SUCH_LIFECYCLE_CONFIGURATION("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"),
    /** NoSuchObjectLockConfiguration, 404. */
    NO_SUCH_OBJECT_LOCK_CONFIGURATION(
            "NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration"),
    /** NoSuchPublicAccessBlockConfiguration, 404. */
    NO_SUCH_PUBLIC_ACCESS_BLOCK_CONFIGURATION(
            "NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found"),
    /** NoSuchTagSet, 404. */
    NO_SUCH_TAG_SET("NoSuchTagSet", 404, "The TagSet does not exist"),
    /** NoSuchUpload, 404. */
    NO_SUCH_UPLOAD(
            "NoSuchUpload",
            404,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."),
    /** NoSuchVersion, 404. */
    NO_SUCH_VERSION("NoSuchVersion", 404, "The specified version does not exist."),
    /** NoSuchWebsiteConfiguration, 404. */
    NO_SUCH_WEBSITE_CONFIGURATION(
            "NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"),
    /** NotImplemented, 501. */
    NOT_IMPLEMENTED("NotImplemented", 501, "A header that you provided implies functionality that is not implemented."),
    /** NotModified, 304. */
    NOT_MODIFIED("NotModified", 304, "Not Modified"),
    /** ObjectLockConfigurationNotFoundError, 404. */
    OBJECT_LOCK_CONFIGURATION_NOT_FOUND(
            "ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket"),
    /** OperationAborted, 409. */
    OPERATION_ABORTED(
            "OperationAborted",
            409,
            "A conflicting conditional operation is currently in progress against this resource. Try again."),
    /** OwnershipControlsNotFoundError, 404. */
    OWNERSHIP_CONTROLS_NOT_FOUND("OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"),
    /** PreconditionFailed, 412. */
    PRECONDITION_FAILED("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"),
    /** ReplicationConfigurationNotFoundError, 404. */
    REPLICATION_CONFIGURATION_NOT_FOUND(
            "ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"),
    /** RequestExpired, 403. */
    REQUEST_EXPIRED("RequestExpired", 403, "Request has expired"),
    /** RequestHeaderSectionTooLarge, 400. */
    REQUEST_HEADER_SECTION_TOO_LARGE(
            "RequestHeaderSectionTooLarge",
            400,
            "Your request header and query parameters exceed the maximum allowed size."),
    /** RequestTimeout, 400. */
    REQUEST_TIMEOUT(
            "RequestTimeout",
            400,
            "Your socket connection to the server was not read from or written to within the timeout period."),
    /** RequestTimeTooSkewed, 403. */
    REQUEST_TIME_TOO_SKEWED(
            "RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."),
    /** ServerSideEncryptionConfigurationNotFoundError, 404. */
    SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND(
            "ServerSideEncryptionConfigurationNotFoundError",
            404,
            "The server side encryption configuration was not found"),
    /** ServiceUnavailable, 503. */
    SERVICE_UNAVAILABLE("ServiceUnavailable", 503, "Service is unable to handle request."),
    /** SignatureDoesNotMatch, 403. */
    SIGNATURE_DOES_NOT_MATCH(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."),
    /** SlowDown, 503. */
    SLOW_DOWN("SlowDown", 503, "Please reduce your request rate."),
    /** InsufficientStorage, 507. */
    STORAGE_FULL("InsufficientStorage", 507, "The cluster has no space left for this object. Deletes still work."),
    /** TooManyBuckets, 400. */
    TOO_MANY_BUCKETS("TooManyBuckets", 400, "You have attempted to create more buckets than allowed."),
    /** UnexpectedContent, 400. */
    UNEXPECTED_CONTENT("UnexpectedContent", 400, "This request contains unsupported content."),
    /** XAmzContentSHA256Mismatch, 400. */
    XAMZ_CONTENT_SHA256_MISMATCH(
            "XAmzContentSHA256Mismatch",
            400,
            "The provided 'x-amz-content-sha256' header does not match what was computed.");

    private final String code;
    private final int status;
    private final String defaultMessage;

    S3Error(String code, int status, String defaultMessage) {
        this.code = code;
        this.status = status;
        this.defaultMessage = defaultMessage;
    }

    /** The literal code of the answer's document. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The message when there is nothing more to say. */
    public String defaultMessage() {
        return defaultMessage;
    }
}
