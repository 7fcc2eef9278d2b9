package dev.pabal.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.impl.AMQImpl;
import dev.pabal.amqp.codec.method.BasicPublish;
import dev.pabal.amqp.codec.method.ConnectionClose;
import dev.pabal.amqp.codec.method.Methods;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method, both ways, against the codec of RabbitMQ's own client; and what hostile bytes do. */
class MethodsTest {
    private static final int[] CLASSES = {10, 20, 30, 40, 50, 60, 85, 90};
    private static final int ROUNDS = 30;

    private final Methods methods = new Methods();

    static Stream<Integer> ids() {
        Methods all = new Methods();
        return Arrays.stream(CLASSES)
                .boxed()
                .flatMap(c -> java.util.stream.IntStream.range(0, 130).mapToObj(m -> (c << 16) | m))
                .filter(id -> all.of(id) != null);
    }

    @Test
    void thereAre66() {
        assertThat(ids()).hasSize(66);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void whatWeWriteTheClientReadsAndWritesBackTheSame(int id) throws Exception {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] ours = payload(id, random);
            byte[] theirs = rewrittenByClient(ours);
            assertThat(theirs)
                    .as("method %s.%s, seed %s", id >>> 16, id & 0xffff, seed)
                    .isEqualTo(ours);
            dev.pabal.amqp.codec.Method read = read(ours);
            assertThat(read.id()).isEqualTo(id);
            assertThat(rewrittenByUs(read)).as("seed %s", seed).isEqualTo(ours);
        }
    }

    @ParameterizedTest
    @MethodSource("ids")
    void whatIsCutOffOrTooLongIsRefused(int id) throws Exception {
        byte[] whole = payload(id, new Random(id));
        for (int length = 4; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(MalformedFrameException.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> read(longer)).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void noiseIsRefusedOrReadButNeverAnythingElse() throws Exception {
        long seed = Long.getLong("pabal.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Integer> all = ids().toList();
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] noisy = payload(all.get(random.nextInt(all.size())), random);
            if (noisy.length > 4) {
                noisy[4 + random.nextInt(noisy.length - 4)] = (byte) random.nextInt();
            }
            try {
                rewrittenByUs(read(noisy));
                read++;
            } catch (java.lang.reflect.InvocationTargetException e) {
                assertThat(e.getCause()).as("seed %s", seed).isInstanceOf(MalformedFrameException.class);
            } catch (MalformedFrameException expected) {
                assertThat(expected).hasMessageContaining("decode");
            }
        }
        assertThat(read).as("seed %s", seed).isPositive();
    }

    @Test
    void anArgumentMayBeCalledLikeTheMethodsOwnNumber() {
        ByteBuf out = Unpooled.buffer();
        ConnectionClose.write(out, 0, 320, "bye", BasicPublish.ID >>> 16, BasicPublish.ID & 0xffff);
        ConnectionClose close = (ConnectionClose) read(payload(out));
        assertThat(close.id()).isEqualTo(ConnectionClose.ID);
        assertThat(close.classId()).isEqualTo(60);
        assertThat(close.methodId()).isEqualTo(40);
    }

    private dev.pabal.amqp.codec.Method read(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        dev.pabal.amqp.codec.Method method = methods.of(in.getInt(0));
        assertThat(method).isNotNull();
        method.wrap(in, 4, payload.length);
        return method;
    }

    private static byte[] rewrittenByClient(byte[] payload) throws IOException {
        com.rabbitmq.client.impl.Method read =
                AMQImpl.readMethodFrom(new DataInputStream(new ByteArrayInputStream(payload)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(read.protocolClassId());
        out.writeShort(read.protocolMethodId());
        com.rabbitmq.client.impl.MethodArgumentWriter writer =
                new com.rabbitmq.client.impl.MethodArgumentWriter(new com.rabbitmq.client.impl.ValueWriter(out));
        read.writeArgumentsTo(writer);
        writer.flush();
        return bytes.toByteArray();
    }

    /** Calls the writer with what the readers return. */
    private static byte[] rewrittenByUs(dev.pabal.amqp.codec.Method read) throws Exception {
        Method writer = writer(read);
        Object[] arguments = new Object[writer.getParameterCount()];
        ByteBuf out = Unpooled.buffer();
        arguments[0] = out;
        arguments[1] = 7;
        for (int i = 2; i < arguments.length; i++) {
            String name = writer.getParameters()[i].getName();
            arguments[i] = read.getClass().getMethod(name).invoke(read);
        }
        writer.invoke(null, arguments);
        return payload(out);
    }

    private byte[] payload(int id, Random random) throws Exception {
        Method writer = writer(methods.of(id));
        Object[] arguments = new Object[writer.getParameterCount()];
        ByteBuf out = Unpooled.buffer();
        arguments[0] = out;
        arguments[1] = 1;
        for (int i = 2; i < arguments.length; i++) {
            arguments[i] = argument(writer.getParameters()[i], random);
        }
        writer.invoke(null, arguments);
        return payload(out);
    }

    private static Method writer(dev.pabal.amqp.codec.Method method) {
        return Arrays.stream(method.getClass().getMethods())
                .filter(m -> m.getName().equals("write"))
                .findFirst()
                .orElseThrow();
    }

    private static Object argument(java.lang.reflect.Parameter parameter, Random random) {
        Class<?> type = parameter.getType();
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == int.class) {
            return random.nextInt(parameter.getName().startsWith("version") ? 256 : 65_536);
        }
        if (type == long.class) {
            boolean wide = parameter.getName().equals("deliveryTag");
            return wide ? random.nextLong() : random.nextLong() & 0xffffffffL;
        }
        if (type == String.class) {
            return text(random);
        }
        return type == byte[].class ? text(random).getBytes(StandardCharsets.UTF_8) : table(random, 0);
    }

    private static String text(Random random) {
        StringBuilder out = new StringBuilder();
        int length = random.nextInt(20);
        for (int i = 0; i < length; i++) {
            out.append((char) (random.nextInt(8) == 0 ? 0xac00 + random.nextInt(1000) : 'a' + random.nextInt(26)));
        }
        return out.toString();
    }

    private static Map<String, Object> table(Random random, int depth) {
        Map<String, Object> table = new LinkedHashMap<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            table.put("k" + i, value(random, depth));
        }
        return table;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 8 : 10)) {
            case 0 -> random.nextBoolean();
            case 1 -> (byte) random.nextInt();
            case 2 -> (short) random.nextInt();
            case 3 -> random.nextInt();
            case 4 -> random.nextLong();
            case 5 -> random.nextDouble();
            case 6 -> random.nextFloat();
            case 7 -> text(random);
            case 8 -> new ArrayList<>(List.of(value(random, depth + 1), value(random, depth + 1)));
            default -> table(random, depth + 1);
        };
    }

    private static byte[] payload(ByteBuf frame) {
        assertThat(frame.readUnsignedByte()).isEqualTo((short) Frames.METHOD);
        frame.readUnsignedShort();
        int size = frame.readInt();
        byte[] payload = new byte[size];
        frame.readBytes(payload);
        assertThat(frame.readUnsignedByte()).isEqualTo((short) Frames.END);
        assertThat(frame.isReadable()).isFalse();
        return payload;
    }
}
