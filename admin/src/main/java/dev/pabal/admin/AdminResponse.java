package dev.pabal.admin;

import java.util.Map;

/**
 * What the listener sends back.
 *
 * @param status HTTP status code
 * @param headers without those of type and length
 * @param body JSON in UTF-8; empty where the status says it all
 */
public record AdminResponse(int status, Map<String, String> headers, byte[] body) {
    public static final String CONTENT_TYPE = "application/json";
}
