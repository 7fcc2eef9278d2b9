package dev.pabal.catalog;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The changes of virtual hosts and of what has a name in them: kinds 9 to 18, 27 and 28 of {@link CatalogCodec}. */
final class TopologyCodec {
    private TopologyCodec() {}

    /** Writes kind and fields; false where the change is of none of these kinds. */
    static boolean write(CatalogChange change, ChangeOut out) {
        if (change instanceof CatalogChange.VirtualHostSet c) {
            write(c.vhost(), out);
        } else if (change instanceof CatalogChange.VirtualHostDeleted c) {
            out.kind(10).text(c.name());
        } else if (change instanceof CatalogChange.ExchangeCreated c) {
            write(c.exchange(), out.kind(11));
        } else if (change instanceof CatalogChange.ExchangeDeleted c) {
            out.kind(12).text(c.vhost()).text(c.name());
        } else if (change instanceof CatalogChange.QueueCreated c) {
            write(c.queue(), out.kind(13));
        } else if (change instanceof CatalogChange.QueueDeleted c) {
            out.kind(14).id(c.queueId());
        } else if (change instanceof CatalogChange.QueueArgumentsSet c) {
            out.kind(27).id(c.queueId()).arguments(c.arguments());
        } else if (change instanceof CatalogChange.BindingCreated c) {
            write(c.binding(), out.kind(15));
        } else if (change instanceof CatalogChange.BindingDeleted c) {
            write(c.binding(), out.kind(16));
        } else if (change instanceof CatalogChange.PolicySet c) {
            write(c.policy(), out.kind(17));
        } else if (change instanceof CatalogChange.PolicyDeleted c) {
            out.kind(18).text(c.vhost()).text(c.name()).flag(c.operator());
        } else {
            return false;
        }
        return true;
    }

    /** Reads the fields; null where the kind is none of these. */
    static @Nullable CatalogChange read(byte kind, ChangeIn in) {
        return switch (kind) {
            case 9 -> new CatalogChange.VirtualHostSet(new VirtualHost(in.text(), in.text(), in.texts()));
            case 28 ->
                new CatalogChange.VirtualHostSet(
                        new VirtualHost(in.text(), in.text(), in.texts(), in.constant(Queue.Type.values())));
            case 10 -> new CatalogChange.VirtualHostDeleted(in.text());
            case 11 -> new CatalogChange.ExchangeCreated(exchange(in));
            case 12 -> new CatalogChange.ExchangeDeleted(in.text(), in.text(), true);
            case 13 -> new CatalogChange.QueueCreated(queue(in));
            case 14 -> new CatalogChange.QueueDeleted(in.id(), true);
            case 15 -> new CatalogChange.BindingCreated(binding(in), true);
            case 16 -> new CatalogChange.BindingDeleted(binding(in), true);
            case 17 -> new CatalogChange.PolicySet(policy(in));
            case 18 -> new CatalogChange.PolicyDeleted(in.text(), in.text(), in.flag());
            case 27 -> new CatalogChange.QueueArgumentsSet(in.id(), in.arguments(), true);
            default -> null;
        };
    }

    /** As programs before kind 28 wrote it, where they could have. */
    private static void write(VirtualHost v, ChangeOut out) {
        boolean classic = v.defaultQueueType() == Queue.Type.CLASSIC;
        out.kind(classic ? 9 : 28).text(v.name()).text(v.description()).texts(v.tags());
        if (!classic) {
            out.kind(v.defaultQueueType().ordinal());
        }
    }

    private static void write(Exchange e, ChangeOut out) {
        out.id(e.id()).text(e.vhost()).text(e.name()).text(e.type());
        out.flag(e.durable()).flag(e.autoDelete()).flag(e.internal()).arguments(e.arguments());
    }

    private static Exchange exchange(ChangeIn in) {
        return new Exchange(in.id(), in.text(), in.text(), in.text(), in.flag(), in.flag(), in.flag(), in.arguments());
    }

    private static void write(Queue q, ChangeOut out) {
        out.id(q.id()).text(q.vhost()).text(q.name());
        String topic = q.topic();
        out.flag(topic != null);
        if (topic != null) {
            out.text(topic);
        }
        out.kind(q.type().ordinal()).kind(q.view().ordinal());
        out.flag(q.durable()).flag(q.autoDelete()).arguments(q.arguments()).number(q.shard());
    }

    private static Queue queue(ChangeIn in) {
        UUID id = in.id();
        String vhost = in.text();
        String name = in.text();
        String topic = in.flag() ? in.text() : null;
        Queue.Type type = in.constant(Queue.Type.values());
        Queue.View view = in.constant(Queue.View.values());
        boolean durable = in.flag();
        boolean autoDelete = in.flag();
        return new Queue(id, vhost, name, topic, type, view, durable, autoDelete, null, in.arguments(), in.intNumber());
    }

    private static void write(Binding b, ChangeOut out) {
        out.text(b.vhost()).text(b.source()).kind(b.kind().ordinal());
        out.text(b.destination()).text(b.routingKey()).arguments(b.arguments());
    }

    private static Binding binding(ChangeIn in) {
        return new Binding(
                in.text(), in.text(), in.constant(Binding.Kind.values()), in.text(), in.text(), in.arguments());
    }

    private static void write(Policy p, ChangeOut out) {
        out.text(p.vhost()).text(p.name()).text(p.pattern()).text(p.applyTo());
        out.arguments(p.definition()).signed(p.priority()).flag(p.operator());
    }

    private static Policy policy(ChangeIn in) {
        return new Policy(in.text(), in.text(), in.text(), in.text(), in.arguments(), (int) in.signed(), in.flag());
    }
}
