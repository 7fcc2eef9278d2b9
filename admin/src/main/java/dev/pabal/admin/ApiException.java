package dev.pabal.admin;

/** A request that is refused: status, RabbitMQ's word for the kind of error, and a reason for people. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    ApiException(int status, String error, String reason) {
        super(reason, null, false, false);
        this.status = status;
        this.error = error;
    }

    static ApiException badRequest(String reason) {
        return new ApiException(400, "bad_request", reason);
    }

    static ApiException notFound() {
        return new ApiException(404, "Object Not Found", "Not Found");
    }

    static ApiException notAuthorised(String reason) {
        return new ApiException(401, "not_authorized", reason);
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
