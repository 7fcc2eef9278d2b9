package dev.pabal.server.config;

import dev.pabal.server.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Access keys as operators write them: {@code ID:SECRET}. Messages never show a secret. */
final class SqsKeys {
    private SqsKeys() {}

    /**
     * Joins the keys of a list and of a file.
     *
     * @param list keys with commas between them, or empty
     * @param file a file with a key on each line, empty lines and those that begin with {@code #} aside; empty for none
     */
    static Map<String, String> read(String list, String file) {
        Map<String, String> keys = new LinkedHashMap<>();
        int number = 0;
        for (String key : list.isEmpty() ? new String[0] : list.split(",", -1)) {
            add(keys, key.strip(), "key " + ++number + " of sqs.keys");
        }
        int line = 0;
        for (String key : file.isEmpty() ? List.<String>of() : lines(file)) {
            line++;
            if (!key.isBlank() && !key.startsWith("#")) {
                add(keys, key.strip(), "line " + line + " of " + file);
            }
        }
        if (keys.isEmpty() && !file.isEmpty()) {
            throw new StartException(
                    StartException.USAGE,
                    "The file " + file + " (sqs.keys.file) holds no key; write one a line, as ID:SECRET.");
        }
        return keys;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException | RuntimeException e) {
            throw new StartException(
                    StartException.USAGE,
                    "The file " + file
                            + " (sqs.keys.file) cannot be read; check its path and that it is a text in UTF-8.",
                    e);
        }
    }

    private static void add(Map<String, String> keys, String key, String where) {
        int colon = key.indexOf(':');
        if (colon < 1 || colon == key.length() - 1) {
            throw new StartException(
                    StartException.USAGE,
                    "The " + where + " is no key; write the access key id, a colon and the secret: ID:SECRET.");
        }
        if (keys.put(key.substring(0, colon), key.substring(colon + 1)) != null) {
            throw new StartException(
                    StartException.USAGE,
                    "The access key id '" + key.substring(0, colon) + "' comes twice (" + where
                            + "); keep one of them.");
        }
    }
}
