package dev.pabal.broker.topology;

/** Ages as RabbitMQ writes them for streams: a number and one of {@code Y M D h m s} ({@code rabbit_amqqueue:check_max_age}). Pure. */
public final class Ages {
    private static final int MAX_DIGITS = 9;

    private Ages() {}

    /** The age in ms, -1 where the text is none. */
    public static long parseMs(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        long unitMs =
                switch (text.charAt(digits)) {
                    case 'Y' -> 365L * 86_400_000;
                    case 'M' -> 30L * 86_400_000;
                    case 'D' -> 86_400_000;
                    case 'h' -> 3_600_000;
                    case 'm' -> 60_000;
                    case 's' -> 1_000;
                    default -> -1;
                };
        return unitMs < 0 || number == 0 ? -1 : number * unitMs;
    }
}
