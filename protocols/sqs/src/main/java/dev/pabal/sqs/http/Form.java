package dev.pabal.sqs.http;

/** The wire protocol that a request came in, and that its reply goes in. */
enum Form {
    /** {@code X-Amz-Target} and a body of JSON. */
    JSON("application/x-amz-json-1.0"),
    /** {@code Action} among the parameters of a form or of the URL, answered in XML. */
    QUERY("text/xml");

    private final String contentType;

    Form(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }
}
