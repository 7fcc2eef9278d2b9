package dev.pabal.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Path and query of a request, decoded. A {@code %2F} within a segment stays within it: virtual hosts are named by one. */
record Query(List<String> segments, Map<String, String> parameters) {
    /** @throws ApiException 400 where a percent sign stands before something that is no hexadecimal number */
    static Query of(String uri) {
        int at = uri.indexOf('?');
        String path = at < 0 ? uri : uri.substring(0, at);
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(decode(segment, false));
            } else if (!segments.isEmpty()) {
                segments.add("");
            }
        }
        // One slash at the end changes nothing.
        if (!segments.isEmpty() && segments.get(segments.size() - 1).isEmpty()) {
            segments.remove(segments.size() - 1);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        if (at >= 0) {
            for (String pair : uri.substring(at + 1).split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(decode(name, true), equals < 0 ? "" : decode(pair.substring(equals + 1), true));
            }
        }
        return new Query(List.copyOf(segments), parameters);
    }

    private static String decode(String text, boolean plusIsSpace) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int size = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 <= in.length - 1 ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 <= in.length - 1 ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw ApiException.badRequest("The address holds a percent sign that begins no encoded byte.");
                }
                out[size++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[size++] = plusIsSpace && in[i] == '+' ? (byte) ' ' : in[i];
            }
        }
        return new String(out, 0, size, StandardCharsets.UTF_8);
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    boolean isTrue(String name) {
        return "true".equals(parameters.get(name));
    }

    /** @throws ApiException 400 where it is no number from 1 */
    int number(String name, int otherwise) {
        String text = parameters.get(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw ApiException.badRequest("The parameter " + name + " takes a number from 1.");
    }
}
