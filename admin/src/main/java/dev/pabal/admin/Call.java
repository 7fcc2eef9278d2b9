package dev.pabal.admin;

import dev.pabal.catalog.User;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was let in.
 *
 * @param request as it came
 * @param query its address, decoded
 * @param user who asks
 * @param variables what stands at the places of the route's {@code {}}
 */
record Call(AdminRequest request, Query query, User user, List<String> variables) {
    String variable(int index) {
        return variables.get(index);
    }

    /** The first variable of routes below a virtual host. */
    String vhost() {
        return variables.get(0);
    }

    /** The body as an object. */
    Body body() {
        return new Body(Json.object(request.body()));
    }

    boolean hasTag(String... tags) {
        for (String tag : tags) {
            if (user.tags().contains(tag)) {
                return true;
            }
        }
        return false;
    }

    /** Administrators and those who monitor see every virtual host and connection. */
    boolean seesAll() {
        return hasTag(Rights.ADMINISTRATOR, Rights.MONITORING);
    }

    /** Fields of a body, each checked for its type. */
    record Body(Map<String, Object> fields) {
        @Nullable
        Object value(String name) {
            return fields.get(name);
        }

        boolean has(String name) {
            return fields.get(name) != null;
        }

        /** @throws ApiException 400 where it is missing or no text */
        String text(String name) {
            String text = text(name, null);
            if (text == null) {
                throw ApiException.badRequest("The field '" + name + "' is missing.");
            }
            return text;
        }

        @Nullable
        String text(String name, @Nullable String otherwise) {
            Object value = fields.get(name);
            if (value == null) {
                return otherwise;
            }
            if (value instanceof String text) {
                return text;
            }
            throw ApiException.badRequest("The field '" + name + "' takes a text.");
        }

        /** Also takes the texts {@code true} and {@code false}, as RabbitMQ does. */
        boolean flag(String name, boolean otherwise) {
            Object value = fields.get(name);
            if (value == null || "".equals(value)) {
                return otherwise;
            }
            if (value instanceof Boolean flag) {
                return flag;
            }
            if ("true".equals(value) || "false".equals(value)) {
                return value.equals("true");
            }
            throw ApiException.badRequest("The field '" + name + "' takes true or false.");
        }

        /** Also takes a number as text. */
        int number(String name, int otherwise) {
            Object value = fields.get(name);
            if (value == null) {
                return otherwise;
            }
            try {
                return Math.toIntExact(value instanceof Long number ? number : Long.parseLong(value.toString()));
            } catch (ArithmeticException | NumberFormatException e) {
                throw ApiException.badRequest("The field '" + name + "' takes a whole number.");
            }
        }

        /** A table of arguments; empty where it is missing. */
        Map<String, Object> table(String name) {
            Object value = fields.get(name);
            if (value == null || "".equals(value) || value instanceof List<?> list && list.isEmpty()) {
                return Map.of();
            }
            if (value instanceof Map<?, ?> map) {
                return Json.map(map);
            }
            throw ApiException.badRequest("The field '" + name + "' takes an object.");
        }

        /** Lists, and texts with commas. */
        List<String> words(String name) {
            Object value = fields.get(name);
            if (value instanceof List<?> list) {
                return list.stream().map(String::valueOf).toList();
            }
            String text = text(name, "");
            return text == null || text.isBlank()
                    ? List.of()
                    : List.of(text.split(",")).stream().map(String::strip).toList();
        }

        /** A list of objects; empty where it is missing. */
        List<Body> objects(String name) {
            Object value = fields.get(name);
            if (value == null) {
                return List.of();
            }
            if (!(value instanceof List<?> list)) {
                throw ApiException.badRequest("The field '" + name + "' takes a list.");
            }
            return list.stream().map(each -> object(name, each)).toList();
        }

        private static Body object(String name, Object each) {
            if (each instanceof Map<?, ?> map) {
                return new Body(Json.map(map));
            }
            throw ApiException.badRequest("The field '" + name + "' takes a list of objects.");
        }
    }
}
