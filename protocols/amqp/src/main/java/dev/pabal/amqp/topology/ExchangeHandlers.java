package dev.pabal.amqp.topology;

import dev.pabal.amqp.channel.AmqpChannel;
import dev.pabal.amqp.channel.AmqpChannel.Resource;
import dev.pabal.amqp.channel.AmqpException;
import dev.pabal.amqp.channel.MethodHandlers;
import dev.pabal.amqp.channel.ReplyCode;
import dev.pabal.amqp.codec.method.ExchangeBind;
import dev.pabal.amqp.codec.method.ExchangeBindOk;
import dev.pabal.amqp.codec.method.ExchangeDeclare;
import dev.pabal.amqp.codec.method.ExchangeDeclareOk;
import dev.pabal.amqp.codec.method.ExchangeDelete;
import dev.pabal.amqp.codec.method.ExchangeDeleteOk;
import dev.pabal.amqp.codec.method.ExchangeUnbind;
import dev.pabal.amqp.codec.method.ExchangeUnbindOk;
import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.broker.topology.Names;
import dev.pabal.catalog.Binding;
import dev.pabal.catalog.Exchange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code exchange.*}: checks permissions and hands over to the broker's topology, which knows the rules. */
public final class ExchangeHandlers {
    private ExchangeHandlers() {}

    public static void addTo(MethodHandlers handlers) {
        handlers.add(ExchangeDeclare.ID, ExchangeDeclare.class, ExchangeHandlers::declare);
        handlers.add(ExchangeDelete.ID, ExchangeDelete.class, ExchangeHandlers::delete);
        handlers.add(ExchangeBind.ID, ExchangeBind.class, ExchangeHandlers::bind);
        handlers.add(ExchangeUnbind.ID, ExchangeUnbind.class, ExchangeHandlers::unbind);
    }

    private static void declare(AmqpChannel channel, ExchangeDeclare method) {
        String name = Names.strip(method.exchange());
        boolean answer = !method.nowait();
        checkNotDefault(name);
        if (method.passive()) {
            if (find(channel, name) == null) {
                throw Names.notFound(Names.exchange(channel.vhost(), name));
            }
            declareOk(channel, answer);
            return;
        }
        Map<String, Object> arguments = method.arguments();
        channel.require(Action.CONFIGURE, Resource.EXCHANGE, name);
        if (arguments.get("alternate-exchange") instanceof String alternate && find(channel, name) == null) {
            channel.require(Action.READ, Resource.EXCHANGE, name);
            channel.require(Action.WRITE, Resource.EXCHANGE, alternate);
        }
        channel.await(
                channel.broker()
                        .topology()
                        .declareExchange(
                                channel.vhost(),
                                name,
                                method.type(),
                                method.durable(),
                                method.autoDelete(),
                                method.internal(),
                                arguments),
                exchange -> declareOk(channel, answer));
    }

    private static void declareOk(AmqpChannel channel, boolean answer) {
        if (answer) {
            ExchangeDeclareOk.write(channel.out(), channel.number());
        }
    }

    private static void delete(AmqpChannel channel, ExchangeDelete method) {
        String name = Names.strip(method.exchange());
        boolean answer = !method.nowait();
        checkNotDefault(name);
        channel.require(Action.CONFIGURE, Resource.EXCHANGE, name);
        channel.await(channel.broker().topology().deleteExchange(channel.vhost(), name, method.ifUnused()), nothing -> {
            if (answer) {
                ExchangeDeleteOk.write(channel.out(), channel.number());
            }
        });
    }

    private static void bind(AmqpChannel channel, ExchangeBind method) {
        boolean answer = !method.nowait();
        Binding binding =
                binding(channel, method.source(), method.destination(), method.routingKey(), method.arguments());
        channel.await(channel.broker().topology().bind(binding, channel.connectionId()), nothing -> {
            if (answer) {
                ExchangeBindOk.write(channel.out(), channel.number());
            }
        });
    }

    private static void unbind(AmqpChannel channel, ExchangeUnbind method) {
        boolean answer = !method.nowait();
        Binding binding =
                binding(channel, method.source(), method.destination(), method.routingKey(), method.arguments());
        channel.await(channel.broker().topology().unbind(binding, channel.connectionId()), nothing -> {
            if (answer) {
                ExchangeUnbindOk.write(channel.out(), channel.number());
            }
        });
    }

    /** The binding, once the user has been found to be allowed to touch it. */
    private static Binding binding(
            AmqpChannel channel, String rawSource, String rawDestination, String key, Map<String, Object> arguments) {
        String source = Names.strip(rawSource);
        String destination = Names.strip(rawDestination);
        checkNotDefault(destination);
        checkNotDefault(source);
        channel.require(Action.WRITE, Resource.EXCHANGE, destination);
        requireSource(channel, source, key);
        return new Binding(channel.vhost(), source, Binding.Kind.EXCHANGE, destination, key, arguments);
    }

    /** What whoever binds from an exchange needs. */
    static void requireSource(AmqpChannel channel, String source, String routingKey) {
        channel.require(Action.READ, Resource.EXCHANGE, source);
        Exchange exchange = find(channel, source);
        if (exchange != null && exchange.type().equals("topic")) {
            channel.requireRouting(Action.READ, source, routingKey);
        }
    }

    private static @Nullable Exchange find(AmqpChannel channel, String name) {
        return channel.broker().catalog().exchange(channel.vhost(), name);
    }

    static void checkNotDefault(String name) {
        if (name.isEmpty()) {
            throw new AmqpException(ReplyCode.ACCESS_REFUSED, "operation not permitted on the default exchange");
        }
    }
}
