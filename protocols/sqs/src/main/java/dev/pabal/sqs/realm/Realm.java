package dev.pabal.sqs.realm;

/**
 * A name space of queues. Two realms have nothing in common: each may have a queue of the same name.
 *
 * @param region such as {@code us-east-1}: 1 to {@value #MAX_REGION_LENGTH} small letters, digits and hyphens
 * @param account 12 digits
 */
public record Realm(String region, String account) {
    static final int ACCOUNT_LENGTH = 12;
    private static final int MAX_REGION_LENGTH = 32;

    public Realm {
        if (!isRegion(region, 0, region.length()) || !isAccount(account)) {
            throw new IllegalArgumentException("no region or no account: " + region + ", " + account);
        }
    }

    /** Whether the characters from {@code from} to before {@code to} can name a region. */
    public static boolean isRegion(String text, int from, int to) {
        boolean good = to > from && to - from <= MAX_REGION_LENGTH;
        for (int i = from; good && i < to; i++) {
            char c = text.charAt(i);
            good = c >= 'a' && c <= 'z' || isDigit(c) || c == '-';
        }
        return good;
    }

    public static boolean isAccount(String text) {
        return text.length() == ACCOUNT_LENGTH && isAccountAt(text, 0);
    }

    /** Whether the text has an account's digits from there on, whatever follows. */
    public static boolean isAccountAt(String text, int at) {
        boolean good = at >= 0 && text.length() - at >= ACCOUNT_LENGTH;
        for (int i = at; good && i < at + ACCOUNT_LENGTH; i++) {
            good = isDigit(text.charAt(i));
        }
        return good;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The same region in another account. */
    public Realm inAccount(String other) {
        return other.equals(account) ? this : new Realm(region, other);
    }

    /** {@code arn:aws:sqs:us-east-1:000000000000:name}. */
    public String arn(String name) {
        return "arn:" + partition() + ":sqs:" + region + ':' + account + ':' + name;
    }

    /**
     * {@code http://host:port/000000000000/name}.
     *
     * @param baseUrl scheme, host and port as the client sees them
     */
    public String url(String baseUrl, String name) {
        return baseUrl + '/' + account + '/' + name;
    }

    /** What Amazon's regions are parted into; the beginning of a region's name tells (botocore, partitions.json). */
    public String partition() {
        int hyphen = region.indexOf('-', region.indexOf('-') + 1);
        return switch (hyphen < 0 ? "" : region.substring(0, hyphen)) {
            case "us-gov" -> "aws-us-gov";
            case "us-iso" -> "aws-iso";
            case "us-isob" -> "aws-iso-b";
            case "eu-isoe" -> "aws-iso-e";
            case "us-isof" -> "aws-iso-f";
            case "eusc-de" -> "aws-eusc";
            default -> region.startsWith("cn-") ? "aws-cn" : "aws";
        };
    }
}
