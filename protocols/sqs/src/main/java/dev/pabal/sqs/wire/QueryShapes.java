package dev.pabal.sqs.wire;

import java.util.Map;

/**
 * How Query spells the lists and maps of SQS: each is flattened under a name in the singular, and maps name their keys and values in one of two ways
 * (botocore's model {@code sqs/2012-11-05} before it spoke JSON).
 *
 * <pre>
 *   AttributeNames   [All]                 AttributeName.1=All
 *   Attributes       {Policy: p}           Attribute.1.Name=Policy        Attribute.1.Value=p
 *   Tags             {k: v}                Tag.1.Key=k                    Tag.1.Value=v
 *   MessageAttributes{a: {DataType: ..}}   MessageAttribute.1.Name=a      MessageAttribute.1.Value.DataType=..
 * </pre>
 */
final class QueryShapes {
    private static final String SEND = "SendMessageBatchRequestEntry";
    private static final String DELETE = "DeleteMessageBatchRequestEntry";
    private static final String CHANGE = "ChangeMessageVisibilityBatchRequestEntry";

    /** The names that a list or map may have, by its name in JSON; batches have all one name there. */
    private static final Map<String, String[]> FLATTENED = Map.ofEntries(
            Map.entry("AttributeNames", names("AttributeName")),
            Map.entry("MessageAttributeNames", names("MessageAttributeName")),
            Map.entry("MessageSystemAttributeNames", names("MessageSystemAttributeName")),
            Map.entry("TagKeys", names("TagKey")),
            Map.entry("AWSAccountIds", names("AWSAccountId")),
            Map.entry("Actions", names("ActionName")),
            Map.entry("Entries", names(SEND, DELETE, CHANGE)),
            Map.entry("Attributes", names("Attribute")),
            Map.entry("Tags", names("Tag", "Tags")),
            Map.entry("tags", names("Tag", "Tags")),
            Map.entry("MessageAttributes", names("MessageAttribute")),
            Map.entry("MessageSystemAttributes", names("MessageSystemAttribute")),
            Map.entry("StringListValues", names("StringListValue")),
            Map.entry("BinaryListValues", names("BinaryListValue")));

    private QueryShapes() {}

    /** What the list or map {@code name} may be called in a Query request. */
    static String[] spellings(String name) {
        String[] names = FLATTENED.get(name);
        return names == null ? names(name) : names;
    }

    /** The name in JSON of what Query calls {@code name}; the same where it is no list or map. */
    static String jsonName(String name) {
        for (Map.Entry<String, String[]> entry : FLATTENED.entrySet()) {
            for (String spelling : entry.getValue()) {
                if (spelling.equals(name) && !entry.getKey().equals("tags")) {
                    return entry.getKey();
                }
            }
        }
        return name;
    }

    private static String[] names(String... names) {
        return names;
    }
}
