package dev.pabal.cli.message;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.io.OutputStream;

/** How a message is written out. */
interface MessageFormat {
    /** Writes the message and a line feed. */
    void write(Envelope envelope, AMQP.BasicProperties properties, byte[] body, OutputStream out) throws IOException;

    /** The body's bytes as they are. */
    static MessageFormat text() {
        return (envelope, properties, body, out) -> {
            out.write(body);
            out.write('\n');
        };
    }
}
