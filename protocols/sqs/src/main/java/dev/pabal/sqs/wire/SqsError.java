package dev.pabal.sqs.wire;

/**
 * SQS's errors (botocore's {@code sqs/2012-11-05} model) and the common ones of AWS's services, each with the name that JSON clients see, the
 * code that Query clients see (and JSON clients in {@code x-amzn-query-error}), and the HTTP status.
 */
public enum SqsError {
    BATCH_ENTRY_IDS_NOT_DISTINCT("BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400),
    BATCH_REQUEST_TOO_LONG("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", 400),
    EMPTY_BATCH_REQUEST("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", 400),
    INVALID_BATCH_ENTRY_ID("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", 400),
    TOO_MANY_ENTRIES("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
    MESSAGE_NOT_INFLIGHT("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", 400),
    QUEUE_DELETED_RECENTLY("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", 400),
    QUEUE_DOES_NOT_EXIST("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400),
    QUEUE_NAME_EXISTS("QueueNameExists", "QueueAlreadyExists", 400),
    UNSUPPORTED_OPERATION("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", 400),
    PURGE_QUEUE_IN_PROGRESS("PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403),
    OVER_LIMIT("OverLimit", "OverLimit", 403),
    RESOURCE_NOT_FOUND("ResourceNotFoundException", "ResourceNotFoundException", 404),
    INVALID_ATTRIBUTE_NAME("InvalidAttributeName", "InvalidAttributeName", 400),
    INVALID_ATTRIBUTE_VALUE("InvalidAttributeValue", "InvalidAttributeValue", 400),
    INVALID_ID_FORMAT("InvalidIdFormat", "InvalidIdFormat", 400),
    INVALID_MESSAGE_CONTENTS("InvalidMessageContents", "InvalidMessageContents", 400),
    RECEIPT_HANDLE_IS_INVALID("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 400),
    INVALID_ADDRESS("InvalidAddress", "InvalidAddress", 404),
    INVALID_SECURITY("InvalidSecurity", "InvalidSecurity", 403),
    REQUEST_THROTTLED("RequestThrottled", "RequestThrottled", 403),
    // common to AWS's services
    INVALID_PARAMETER_VALUE("InvalidParameterValueException", "InvalidParameterValue", 400),
    MISSING_PARAMETER("MissingRequiredParameterException", "MissingParameter", 400),
    INVALID_ACTION("InvalidAction", "InvalidAction", 400),
    UNKNOWN_OPERATION("UnknownOperationException", "UnknownOperationException", 400),
    SERIALIZATION("SerializationException", "SerializationException", 400),
    MALFORMED_QUERY_STRING("MalformedQueryString", "MalformedQueryString", 400),
    INCOMPLETE_SIGNATURE("IncompleteSignatureException", "IncompleteSignature", 400),
    INVALID_CLIENT_TOKEN_ID("UnrecognizedClientException", "InvalidClientTokenId", 403),
    MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", "MissingAuthenticationToken", 403),
    SIGNATURE_DOES_NOT_MATCH("InvalidSignatureException", "SignatureDoesNotMatch", 403),
    REQUEST_EXPIRED("RequestExpired", "RequestExpired", 400),
    ACCESS_DENIED("AccessDeniedException", "AccessDenied", 403),
    REQUEST_TOO_LARGE("RequestEntityTooLarge", "RequestEntityTooLarge", 413),
    INTERNAL_FAILURE("InternalFailure", "InternalFailure", 500),
    SERVICE_UNAVAILABLE("ServiceUnavailable", "ServiceUnavailable", 503);

    private final String type;
    private final String code;
    private final int status;

    SqsError(String type, String code, int status) {
        this.type = type;
        this.code = code;
        this.status = status;
    }

    /** What follows {@code com.amazonaws.sqs#} in a JSON error. */
    public String type() {
        return type;
    }

    /** The namespace that a JSON error's type is in: SQS's own, or that of AWS's framework for what is common to its services. */
    public String namespace() {
        return compareTo(INVALID_PARAMETER_VALUE) < 0 ? "com.amazonaws.sqs" : "com.amazon.coral.service";
    }

    /** What Query clients read. */
    public String code() {
        return code;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Whose fault it is: {@code Sender} or {@code Receiver}. */
    public String fault() {
        return status < 500 ? "Sender" : "Receiver";
    }
}
