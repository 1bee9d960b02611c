package io.roost.objectstore;

/**
 * The operations of the S3 API, each with its literal name and with what selects it: the method, whether the path names
 * a bucket or an object, and the sub-resource in the query. Where several constants fit a request, the first one here
 * is meant: a sub-resource comes before the plain form. After the AWS S3 API reference.
 */
public enum S3Operation {
    /** ListBuckets. */
    LIST_BUCKETS("ListBuckets", Scope.SERVICE, "GET", "", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketAcl. */
    GET_BUCKET_ACL("GetBucketAcl", Scope.BUCKET, "GET", "acl", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketAcl. */
    PUT_BUCKET_ACL("PutBucketAcl", Scope.BUCKET, "PUT", "acl", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetBucketAbac. */
    GET_BUCKET_ABAC("GetBucketAbac", Scope.BUCKET, "GET", "abac", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** PutBucketAbac. */
    PUT_BUCKET_ABAC("PutBucketAbac", Scope.BUCKET, "PUT", "abac", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetBucketAccelerateConfiguration. */
    GET_BUCKET_ACCELERATE_CONFIGURATION(
            "GetBucketAccelerateConfiguration", Scope.BUCKET, "GET", "accelerate", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketAccelerateConfiguration. */
    PUT_BUCKET_ACCELERATE_CONFIGURATION(
            "PutBucketAccelerateConfiguration",
            Scope.BUCKET,
            "PUT",
            "accelerate",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketAnalyticsConfiguration. */
    GET_BUCKET_ANALYTICS_CONFIGURATION(
            "GetBucketAnalyticsConfiguration", Scope.BUCKET, "GET", "analytics", When.WITH_ID, Support.NOT_IMPLEMENTED),
    /** ListBucketAnalyticsConfigurations. */
    LIST_BUCKET_ANALYTICS_CONFIGURATIONS(
            "ListBucketAnalyticsConfigurations",
            Scope.BUCKET,
            "GET",
            "analytics",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** PutBucketAnalyticsConfiguration. */
    PUT_BUCKET_ANALYTICS_CONFIGURATION(
            "PutBucketAnalyticsConfiguration", Scope.BUCKET, "PUT", "analytics", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketAnalyticsConfiguration. */
    DELETE_BUCKET_ANALYTICS_CONFIGURATION(
            "DeleteBucketAnalyticsConfiguration",
            Scope.BUCKET,
            "DELETE",
            "analytics",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketCors. */
    GET_BUCKET_CORS("GetBucketCors", Scope.BUCKET, "GET", "cors", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketCors. */
    PUT_BUCKET_CORS("PutBucketCors", Scope.BUCKET, "PUT", "cors", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketCors. */
    DELETE_BUCKET_CORS("DeleteBucketCors", Scope.BUCKET, "DELETE", "cors", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketEncryption. */
    GET_BUCKET_ENCRYPTION("GetBucketEncryption", Scope.BUCKET, "GET", "encryption", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketEncryption. */
    PUT_BUCKET_ENCRYPTION(
            "PutBucketEncryption", Scope.BUCKET, "PUT", "encryption", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketEncryption. */
    DELETE_BUCKET_ENCRYPTION(
            "DeleteBucketEncryption", Scope.BUCKET, "DELETE", "encryption", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketIntelligentTieringConfiguration. */
    GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
            "GetBucketIntelligentTieringConfiguration",
            Scope.BUCKET,
            "GET",
            "intelligent-tiering",
            When.WITH_ID,
            Support.NOT_IMPLEMENTED),
    /** ListBucketIntelligentTieringConfigurations. */
    LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS(
            "ListBucketIntelligentTieringConfigurations",
            Scope.BUCKET,
            "GET",
            "intelligent-tiering",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** PutBucketIntelligentTieringConfiguration. */
    PUT_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
            "PutBucketIntelligentTieringConfiguration",
            Scope.BUCKET,
            "PUT",
            "intelligent-tiering",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** DeleteBucketIntelligentTieringConfiguration. */
    DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
            "DeleteBucketIntelligentTieringConfiguration",
            Scope.BUCKET,
            "DELETE",
            "intelligent-tiering",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketInventoryConfiguration. */
    GET_BUCKET_INVENTORY_CONFIGURATION(
            "GetBucketInventoryConfiguration", Scope.BUCKET, "GET", "inventory", When.WITH_ID, Support.NOT_IMPLEMENTED),
    /** ListBucketInventoryConfigurations. */
    LIST_BUCKET_INVENTORY_CONFIGURATIONS(
            "ListBucketInventoryConfigurations",
            Scope.BUCKET,
            "GET",
            "inventory",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** PutBucketInventoryConfiguration. */
    PUT_BUCKET_INVENTORY_CONFIGURATION(
            "PutBucketInventoryConfiguration", Scope.BUCKET, "PUT", "inventory", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketInventoryConfiguration. */
    DELETE_BUCKET_INVENTORY_CONFIGURATION(
            "DeleteBucketInventoryConfiguration",
            Scope.BUCKET,
            "DELETE",
            "inventory",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketLifecycleConfiguration. */
    GET_BUCKET_LIFECYCLE_CONFIGURATION(
            "GetBucketLifecycleConfiguration", Scope.BUCKET, "GET", "lifecycle", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketLifecycleConfiguration. */
    PUT_BUCKET_LIFECYCLE_CONFIGURATION(
            "PutBucketLifecycleConfiguration", Scope.BUCKET, "PUT", "lifecycle", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketLifecycle. */
    DELETE_BUCKET_LIFECYCLE(
            "DeleteBucketLifecycle", Scope.BUCKET, "DELETE", "lifecycle", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketLocation. */
    GET_BUCKET_LOCATION("GetBucketLocation", Scope.BUCKET, "GET", "location", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketLogging. */
    GET_BUCKET_LOGGING("GetBucketLogging", Scope.BUCKET, "GET", "logging", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketLogging. */
    PUT_BUCKET_LOGGING("PutBucketLogging", Scope.BUCKET, "PUT", "logging", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetBucketMetadataConfiguration. */
    GET_BUCKET_METADATA_CONFIGURATION(
            "GetBucketMetadataConfiguration",
            Scope.BUCKET,
            "GET",
            "metadataConfiguration",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** CreateBucketMetadataConfiguration. */
    CREATE_BUCKET_METADATA_CONFIGURATION(
            "CreateBucketMetadataConfiguration",
            Scope.BUCKET,
            "POST",
            "metadataConfiguration",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** DeleteBucketMetadataConfiguration. */
    DELETE_BUCKET_METADATA_CONFIGURATION(
            "DeleteBucketMetadataConfiguration",
            Scope.BUCKET,
            "DELETE",
            "metadataConfiguration",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketMetadataTableConfiguration. */
    GET_BUCKET_METADATA_TABLE_CONFIGURATION(
            "GetBucketMetadataTableConfiguration",
            Scope.BUCKET,
            "GET",
            "metadataTable",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** CreateBucketMetadataTableConfiguration. */
    CREATE_BUCKET_METADATA_TABLE_CONFIGURATION(
            "CreateBucketMetadataTableConfiguration",
            Scope.BUCKET,
            "POST",
            "metadataTable",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** DeleteBucketMetadataTableConfiguration. */
    DELETE_BUCKET_METADATA_TABLE_CONFIGURATION(
            "DeleteBucketMetadataTableConfiguration",
            Scope.BUCKET,
            "DELETE",
            "metadataTable",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** UpdateBucketMetadataInventoryTableConfiguration. */
    UPDATE_BUCKET_METADATA_INVENTORY_TABLE_CONFIGURATION(
            "UpdateBucketMetadataInventoryTableConfiguration",
            Scope.BUCKET,
            "PUT",
            "metadataInventoryTable",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** UpdateBucketMetadataJournalTableConfiguration. */
    UPDATE_BUCKET_METADATA_JOURNAL_TABLE_CONFIGURATION(
            "UpdateBucketMetadataJournalTableConfiguration",
            Scope.BUCKET,
            "PUT",
            "metadataJournalTable",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketMetricsConfiguration. */
    GET_BUCKET_METRICS_CONFIGURATION(
            "GetBucketMetricsConfiguration", Scope.BUCKET, "GET", "metrics", When.WITH_ID, Support.NOT_IMPLEMENTED),
    /** ListBucketMetricsConfigurations. */
    LIST_BUCKET_METRICS_CONFIGURATIONS(
            "ListBucketMetricsConfigurations", Scope.BUCKET, "GET", "metrics", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** PutBucketMetricsConfiguration. */
    PUT_BUCKET_METRICS_CONFIGURATION(
            "PutBucketMetricsConfiguration", Scope.BUCKET, "PUT", "metrics", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketMetricsConfiguration. */
    DELETE_BUCKET_METRICS_CONFIGURATION(
            "DeleteBucketMetricsConfiguration",
            Scope.BUCKET,
            "DELETE",
            "metrics",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketNotificationConfiguration. */
    GET_BUCKET_NOTIFICATION_CONFIGURATION(
            "GetBucketNotificationConfiguration",
            Scope.BUCKET,
            "GET",
            "notification",
            When.ALWAYS,
            Support.IMPLEMENTED),
    /** PutBucketNotificationConfiguration. */
    PUT_BUCKET_NOTIFICATION_CONFIGURATION(
            "PutBucketNotificationConfiguration",
            Scope.BUCKET,
            "PUT",
            "notification",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** GetBucketOwnershipControls. */
    GET_BUCKET_OWNERSHIP_CONTROLS(
            "GetBucketOwnershipControls", Scope.BUCKET, "GET", "ownershipControls", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketOwnershipControls. */
    PUT_BUCKET_OWNERSHIP_CONTROLS(
            "PutBucketOwnershipControls",
            Scope.BUCKET,
            "PUT",
            "ownershipControls",
            When.ALWAYS,
            Support.NOT_IMPLEMENTED),
    /** DeleteBucketOwnershipControls. */
    DELETE_BUCKET_OWNERSHIP_CONTROLS(
            "DeleteBucketOwnershipControls",
            Scope.BUCKET,
            "DELETE",
            "ownershipControls",
            When.ALWAYS,
            Support.IMPLEMENTED),
    /** GetBucketPolicy. */
    GET_BUCKET_POLICY("GetBucketPolicy", Scope.BUCKET, "GET", "policy", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketPolicy. */
    PUT_BUCKET_POLICY("PutBucketPolicy", Scope.BUCKET, "PUT", "policy", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketPolicy. */
    DELETE_BUCKET_POLICY("DeleteBucketPolicy", Scope.BUCKET, "DELETE", "policy", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketPolicyStatus. */
    GET_BUCKET_POLICY_STATUS(
            "GetBucketPolicyStatus", Scope.BUCKET, "GET", "policyStatus", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketReplication. */
    GET_BUCKET_REPLICATION(
            "GetBucketReplication", Scope.BUCKET, "GET", "replication", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketReplication. */
    PUT_BUCKET_REPLICATION(
            "PutBucketReplication", Scope.BUCKET, "PUT", "replication", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketReplication. */
    DELETE_BUCKET_REPLICATION(
            "DeleteBucketReplication", Scope.BUCKET, "DELETE", "replication", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketRequestPayment. */
    GET_BUCKET_REQUEST_PAYMENT(
            "GetBucketRequestPayment", Scope.BUCKET, "GET", "requestPayment", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketRequestPayment. */
    PUT_BUCKET_REQUEST_PAYMENT(
            "PutBucketRequestPayment", Scope.BUCKET, "PUT", "requestPayment", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetBucketTagging. */
    GET_BUCKET_TAGGING("GetBucketTagging", Scope.BUCKET, "GET", "tagging", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketTagging. */
    PUT_BUCKET_TAGGING("PutBucketTagging", Scope.BUCKET, "PUT", "tagging", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketTagging. */
    DELETE_BUCKET_TAGGING("DeleteBucketTagging", Scope.BUCKET, "DELETE", "tagging", When.ALWAYS, Support.IMPLEMENTED),
    /** GetBucketVersioning. */
    GET_BUCKET_VERSIONING("GetBucketVersioning", Scope.BUCKET, "GET", "versioning", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketVersioning. */
    PUT_BUCKET_VERSIONING(
            "PutBucketVersioning", Scope.BUCKET, "PUT", "versioning", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetBucketWebsite. */
    GET_BUCKET_WEBSITE("GetBucketWebsite", Scope.BUCKET, "GET", "website", When.ALWAYS, Support.IMPLEMENTED),
    /** PutBucketWebsite. */
    PUT_BUCKET_WEBSITE("PutBucketWebsite", Scope.BUCKET, "PUT", "website", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteBucketWebsite. */
    DELETE_BUCKET_WEBSITE("DeleteBucketWebsite", Scope.BUCKET, "DELETE", "website", When.ALWAYS, Support.IMPLEMENTED),
    /** GetObjectLockConfiguration. */
    GET_OBJECT_LOCK_CONFIGURATION(
            "GetObjectLockConfiguration", Scope.BUCKET, "GET", "object-lock", When.ALWAYS, Support.IMPLEMENTED),
    /** PutObjectLockConfiguration. */
    PUT_OBJECT_LOCK_CONFIGURATION(
            "PutObjectLockConfiguration", Scope.BUCKET, "PUT", "object-lock", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetPublicAccessBlock. */
    GET_PUBLIC_ACCESS_BLOCK(
            "GetPublicAccessBlock", Scope.BUCKET, "GET", "publicAccessBlock", When.ALWAYS, Support.IMPLEMENTED),
    /** PutPublicAccessBlock. */
    PUT_PUBLIC_ACCESS_BLOCK(
            "PutPublicAccessBlock", Scope.BUCKET, "PUT", "publicAccessBlock", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeletePublicAccessBlock. */
    DELETE_PUBLIC_ACCESS_BLOCK(
            "DeletePublicAccessBlock", Scope.BUCKET, "DELETE", "publicAccessBlock", When.ALWAYS, Support.IMPLEMENTED),
    /** CreateSession. */
    CREATE_SESSION("CreateSession", Scope.BUCKET, "GET", "session", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** ListMultipartUploads. */
    LIST_MULTIPART_UPLOADS("ListMultipartUploads", Scope.BUCKET, "GET", "uploads", When.ALWAYS, Support.IMPLEMENTED),
    /** ListObjectVersions. */
    LIST_OBJECT_VERSIONS("ListObjectVersions", Scope.BUCKET, "GET", "versions", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteObjects. */
    DELETE_OBJECTS("DeleteObjects", Scope.BUCKET, "POST", "delete", When.ALWAYS, Support.IMPLEMENTED),
    /** ListObjectsV2. */
    LIST_OBJECTS_V2("ListObjectsV2", Scope.BUCKET, "GET", "list-type", When.ALWAYS, Support.IMPLEMENTED),
    /** ListObjects. */
    LIST_OBJECTS("ListObjects", Scope.BUCKET, "GET", "", When.ALWAYS, Support.IMPLEMENTED),
    /** HeadBucket. */
    HEAD_BUCKET("HeadBucket", Scope.BUCKET, "HEAD", "", When.ALWAYS, Support.IMPLEMENTED),
    /** CreateBucket. */
    CREATE_BUCKET("CreateBucket", Scope.BUCKET, "PUT", "", When.ALWAYS, Support.IMPLEMENTED),
    /** DeleteBucket. */
    DELETE_BUCKET("DeleteBucket", Scope.BUCKET, "DELETE", "", When.ALWAYS, Support.IMPLEMENTED),
    /** PostObject. */
    POST_OBJECT("PostObject", Scope.BUCKET, "POST", "", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** BucketPreflight. */
    BUCKET_PREFLIGHT("BucketPreflight", Scope.BUCKET, "OPTIONS", "", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetObjectAcl. */
    GET_OBJECT_ACL("GetObjectAcl", Scope.OBJECT, "GET", "acl", When.ALWAYS, Support.IMPLEMENTED),
    /** PutObjectAcl. */
    PUT_OBJECT_ACL("PutObjectAcl", Scope.OBJECT, "PUT", "acl", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetObjectAttributes. */
    GET_OBJECT_ATTRIBUTES(
            "GetObjectAttributes", Scope.OBJECT, "GET", "attributes", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetObjectLegalHold. */
    GET_OBJECT_LEGAL_HOLD("GetObjectLegalHold", Scope.OBJECT, "GET", "legal-hold", When.ALWAYS, Support.IMPLEMENTED),
    /** PutObjectLegalHold. */
    PUT_OBJECT_LEGAL_HOLD(
            "PutObjectLegalHold", Scope.OBJECT, "PUT", "legal-hold", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetObjectRetention. */
    GET_OBJECT_RETENTION("GetObjectRetention", Scope.OBJECT, "GET", "retention", When.ALWAYS, Support.IMPLEMENTED),
    /** PutObjectRetention. */
    PUT_OBJECT_RETENTION("PutObjectRetention", Scope.OBJECT, "PUT", "retention", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetObjectTagging. */
    GET_OBJECT_TAGGING("GetObjectTagging", Scope.OBJECT, "GET", "tagging", When.ALWAYS, Support.IMPLEMENTED),
    /** PutObjectTagging. */
    PUT_OBJECT_TAGGING("PutObjectTagging", Scope.OBJECT, "PUT", "tagging", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** DeleteObjectTagging. */
    DELETE_OBJECT_TAGGING(
            "DeleteObjectTagging", Scope.OBJECT, "DELETE", "tagging", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** GetObjectTorrent. */
    GET_OBJECT_TORRENT("GetObjectTorrent", Scope.OBJECT, "GET", "torrent", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** RestoreObject. */
    RESTORE_OBJECT("RestoreObject", Scope.OBJECT, "POST", "restore", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** SelectObjectContent. */
    SELECT_OBJECT_CONTENT("SelectObjectContent", Scope.OBJECT, "POST", "select", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** RenameObject. */
    RENAME_OBJECT("RenameObject", Scope.OBJECT, "PUT", "renameObject", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** UpdateObjectEncryption. */
    UPDATE_OBJECT_ENCRYPTION(
            "UpdateObjectEncryption", Scope.OBJECT, "PUT", "encryption", When.ALWAYS, Support.NOT_IMPLEMENTED),
    /** CreateMultipartUpload. */
    CREATE_MULTIPART_UPLOAD("CreateMultipartUpload", Scope.OBJECT, "POST", "uploads", When.ALWAYS, Support.IMPLEMENTED),
    /** CompleteMultipartUpload. */
    COMPLETE_MULTIPART_UPLOAD(
            "CompleteMultipartUpload", Scope.OBJECT, "POST", "uploadId", When.ALWAYS, Support.IMPLEMENTED),
    /** AbortMultipartUpload. */
    ABORT_MULTIPART_UPLOAD(
            "AbortMultipartUpload", Scope.OBJECT, "DELETE", "uploadId", When.ALWAYS, Support.IMPLEMENTED),
    /** ListParts. */
    LIST_PARTS("ListParts", Scope.OBJECT, "GET", "uploadId", When.ALWAYS, Support.IMPLEMENTED),
    /** UploadPartCopy. */
    UPLOAD_PART_COPY("UploadPartCopy", Scope.OBJECT, "PUT", "uploadId", When.WITH_COPY_SOURCE, Support.IMPLEMENTED),
    /** UploadPart. */
    UPLOAD_PART("UploadPart", Scope.OBJECT, "PUT", "uploadId", When.ALWAYS, Support.IMPLEMENTED),
    /** CopyObject. */
    COPY_OBJECT("CopyObject", Scope.OBJECT, "PUT", "", When.WITH_COPY_SOURCE, Support.IMPLEMENTED),
    /** PutObject. */
    PUT_OBJECT("PutObject", Scope.OBJECT, "PUT", "", When.ALWAYS, Support.IMPLEMENTED),
    /** GetObject. */
    GET_OBJECT("GetObject", Scope.OBJECT, "GET", "", When.ALWAYS, Support.IMPLEMENTED),
    /** HeadObject. */
    HEAD_OBJECT("HeadObject", Scope.OBJECT, "HEAD", "", When.ALWAYS, Support.IMPLEMENTED),
    /** DeleteObject. */
    DELETE_OBJECT("DeleteObject", Scope.OBJECT, "DELETE", "", When.ALWAYS, Support.IMPLEMENTED),
    /** ObjectPreflight. */
    OBJECT_PREFLIGHT("ObjectPreflight", Scope.OBJECT, "OPTIONS", "", When.ALWAYS, Support.NOT_IMPLEMENTED);

    /** What the path of a request names. */
    public enum Scope {
        /** Nothing: the path is {@code /}. */
        SERVICE,
        /** A bucket. */
        BUCKET,
        /** A key in a bucket. */
        OBJECT
    }

    /** What more than method, path and sub-resource a request must have. */
    public enum When {
        /** Nothing more. */
        ALWAYS,
        /** A query parameter {@code id}. */
        WITH_ID,
        /** A header {@code x-amz-copy-source}. */
        WITH_COPY_SOURCE
    }

    /** Whether this server carries the operation out. */
    public enum Support {
        /** It does. */
        IMPLEMENTED,
        /** It answers NotImplemented with the operation's name. */
        NOT_IMPLEMENTED
    }

    private final String apiName;
    private final Scope scope;
    private final String method;
    private final String subResource;
    private final When when;
    private final Support support;

    S3Operation(String apiName, Scope scope, String method, String subResource, When when, Support support) {
        this.apiName = apiName;
        this.scope = scope;
        this.method = method;
        this.subResource = subResource;
        this.when = when;
        this.support = support;
    }

    /** Its name in the API reference. */
    public String apiName() {
        return apiName;
    }

    /** What its path names. */
    public Scope scope() {
        return scope;
    }

    /** Its HTTP method, in capitals. */
    public String method() {
        return method;
    }

    /** True when it changes nothing: GET, HEAD, and the question of a browser whether it may ask. */
    public boolean isRead() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    /** The query parameter that selects it, empty for the plain form. */
    public String subResource() {
        return subResource;
    }

    /** What else selects it. */
    public When when() {
        return when;
    }

    /** True when this server carries it out. */
    public boolean isImplemented() {
        return support == Support.IMPLEMENTED;
    }
}
