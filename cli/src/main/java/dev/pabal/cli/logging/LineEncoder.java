package dev.pabal.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/** Turns events into lines of UTF-8. */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
    private final OneLineLayout layout;

    LineEncoder(OneLineLayout layout) {
        this.layout = layout;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return layout.doLayout(event).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
