package dev.pabal.amqp.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamStartTest {
    private static final long NOW_MS = 10_000_000;

    @Test
    void wordsNumbersTimesAndAges() {
        assertThat(StreamStart.parse(Map.of(), "/", "s", NOW_MS)).isEqualTo(new StreamStart(StreamStart.Kind.NEXT, 0));
        assertThat(parse("first")).isEqualTo(new StreamStart(StreamStart.Kind.FIRST, 0));
        assertThat(parse("last")).isEqualTo(new StreamStart(StreamStart.Kind.LAST, 0));
        assertThat(parse("next")).isEqualTo(new StreamStart(StreamStart.Kind.NEXT, 0));
        assertThat(parse(7)).isEqualTo(new StreamStart(StreamStart.Kind.OFFSET, 7));
        assertThat(parse(7L)).isEqualTo(new StreamStart(StreamStart.Kind.OFFSET, 7));
        assertThat(parse("1h")).isEqualTo(new StreamStart(StreamStart.Kind.TIME, NOW_MS - 3_600_000));
        assertThat(parse(Instant.ofEpochSecond(5))).isEqualTo(new StreamStart(StreamStart.Kind.TIME, 5_000));
    }

    @Test
    void anythingElseIsRefused() {
        for (Object argument : new Object[] {"sometime", "1w", "h", true, 1.5}) {
            assertThatThrownBy(() -> parse(argument))
                    .hasMessage("invalid arg 'x-stream-offset' for queue 's' in vhost '/': {invalid_stream_offset_arg,"
                            + argument + "}");
        }
    }

    private static StreamStart parse(Object argument) {
        return StreamStart.parse(Map.of("x-stream-offset", argument), "/", "s", NOW_MS);
    }
}
