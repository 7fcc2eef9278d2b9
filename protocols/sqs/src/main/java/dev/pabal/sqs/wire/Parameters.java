package dev.pabal.sqs.wire;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request, or of a structure in it, under their JSON names, whichever protocol they came by. Query's flattened lists
 * ({@code Attribute.1.Name}) are read into the same shapes. Values are not checked against bounds here; a value of the wrong kind fails with
 * {@link SqsError#SERIALIZATION} (JSON) or {@link SqsError#INVALID_PARAMETER_VALUE} (Query). For one thread.
 */
public interface Parameters {
    /** The names that are there. */
    Set<String> names();

    /** The text, null where the parameter is absent. */
    @Nullable
    String text(String name);

    /** The whole number, null where the parameter is absent. */
    @Nullable
    Integer integer(String name);

    /** The bytes (base64 on the wire), null where the parameter is absent. */
    byte @Nullable [] bytes(String name);

    /** A structure, null where it is absent. */
    @Nullable
    Parameters structure(String name);

    /** A list of texts, empty where it is absent. */
    List<String> texts(String name);

    /** A list of structures, null where it is absent. */
    @Nullable
    List<Parameters> structures(String name);

    /** A map of texts in the order given, null where it is absent. */
    @Nullable
    Map<String, String> textMap(String name);

    /** A map of structures in the order given, null where it is absent. */
    @Nullable
    Map<String, Parameters> structureMap(String name);

    /** An integer, null where it is absent. Fails with {@link SqsError#INVALID_PARAMETER_VALUE} where it is out of bounds. */
    default @Nullable Integer integer(String name, int least, int most) {
        Integer given = integer(name);
        if (given != null && (given < least || given > most)) {
            throw SqsException.invalid(given, name, "Must be between " + least + " and " + most + ", if provided.");
        }
        return given;
    }

    /** The text. Fails with {@link SqsError#MISSING_PARAMETER} where the parameter is absent. */
    default String required(String name) {
        String text = text(name);
        if (text == null) {
            throw SqsException.missing(name);
        }
        return text;
    }
}
