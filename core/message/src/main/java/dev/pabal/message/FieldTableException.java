package dev.pabal.message;

/** Bytes that are no field table or no property list, or values that have no place in one. */
public final class FieldTableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public FieldTableException(String message) {
        super(message);
    }
}
