package dev.pabal.conformance.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.amqp.AmqpAuthenticationException;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.ReturnedMessage;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

/** Spring AMQP: template, admin, both listener containers, confirms and returns, and retry by way of dead letters. */
@ExtendWith(AmqpUnderTest.Resolver.class)
class SpringRabbitTest {
    private static final int PATIENCE_S = 30;

    private final AmqpUnderTest broker;
    private CachingConnectionFactory factory;
    private RabbitAdmin admin;
    private RabbitTemplate template;

    SpringRabbitTest(AmqpUnderTest broker) {
        this.broker = broker;
    }

    @BeforeEach
    void connect() {
        factory = new CachingConnectionFactory(broker.host(), broker.port());
        factory.setUsername("guest");
        factory.setPassword("guest");
        factory.setPublisherConfirmType(CachingConnectionFactory.ConfirmType.CORRELATED);
        factory.setPublisherReturns(true);
        admin = new RabbitAdmin(factory);
        template = new RabbitTemplate(factory);
        template.setMandatory(true);
        template.setReceiveTimeout(PATIENCE_S * 1_000);
        template.setReplyTimeout(PATIENCE_S * 1_000);
    }

    @AfterEach
    void disconnect() {
        factory.destroy();
    }

    private Queue declared(QueueBuilder builder) {
        Queue queue = builder.build();
        admin.declareQueue(queue);
        return queue;
    }

    private Queue declared() {
        return declared(QueueBuilder.nonDurable(AmqpUnderTest.unique("spring")).autoDelete());
    }

    private static String text(@Nullable Message message) {
        assertThat(message).isNotNull();
        return new String(message.getBody(), StandardCharsets.UTF_8);
    }

    @Test
    void declaresSendsReceivesAndDeletes() {
        Queue queue =
                declared(QueueBuilder.durable(AmqpUnderTest.unique("spring")).maxLength(100));
        TopicExchange exchange = new TopicExchange(AmqpUnderTest.unique("spring"));
        admin.declareExchange(exchange);
        admin.declareBinding(BindingBuilder.bind(queue).to(exchange).with("a.#"));
        template.convertAndSend(exchange.getName(), "a.b", "hello");
        assertThat(template.receiveAndConvert(queue.getName())).isEqualTo("hello");
        template.convertAndSend(exchange.getName(), "a.c", "purged");
        @Nullable Properties properties = admin.getQueueProperties(queue.getName());
        assertThat(properties).containsEntry(RabbitAdmin.QUEUE_MESSAGE_COUNT, 1);
        assertThat(admin.purgeQueue(queue.getName())).isEqualTo(1);
        assertThat(admin.deleteQueue(queue.getName())).isTrue();
        assertThat(admin.getQueueProperties(queue.getName())).isNull();
        assertThat(admin.deleteExchange(exchange.getName())).isTrue();
    }

    @Test
    void confirmsAndReturnsAreCorrelated() throws Exception {
        Queue queue = declared();
        CorrelationData routed = new CorrelationData();
        template.convertAndSend("", queue.getName(), "m", routed);
        assertThat(routed.getFuture().get(PATIENCE_S, TimeUnit.SECONDS).isAck()).isTrue();
        assertThat(routed.getReturned()).isNull();
        CorrelationData unroutable = new CorrelationData();
        template.convertAndSend("", AmqpUnderTest.unique("nobody"), "m", unroutable);
        assertThat(unroutable.getFuture().get(PATIENCE_S, TimeUnit.SECONDS).isAck())
                .isTrue();
        @Nullable ReturnedMessage returned = unroutable.getReturned();
        assertThat(returned).isNotNull();
        assertThat(returned.getReplyCode()).isEqualTo(312);
        CorrelationData missing = new CorrelationData();
        template.convertAndSend(AmqpUnderTest.unique("missing"), "k", "m", missing);
        assertThat(missing.getFuture().get(PATIENCE_S, TimeUnit.SECONDS).isAck())
                .isFalse();
    }

    private void assertListens(AbstractMessageListenerContainer container) throws InterruptedException {
        Queue queue = declared(QueueBuilder.durable(AmqpUnderTest.unique("spring")));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        container.setQueueNames(queue.getName());
        container.setPrefetchCount(10);
        container.setMessageListener((MessageListener) message -> heard.add(text(message)));
        container.start();
        try {
            for (int i = 0; i < 100; i++) {
                template.convertAndSend("", queue.getName(), "" + i);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(heard.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("" + i);
            }
        } finally {
            container.stop();
        }
        assertThat(admin.deleteQueue(queue.getName())).isTrue();
    }

    @Test
    void theSimpleContainerListens() throws InterruptedException {
        assertListens(new SimpleMessageListenerContainer(factory));
    }

    @Test
    void theDirectContainerListens() throws InterruptedException {
        assertListens(new DirectMessageListenerContainer(factory));
    }

    @Test
    void aFailingListenerIsRetriedByWayOfDeadLetters() {
        String work = AmqpUnderTest.unique("work");
        String wait = AmqpUnderTest.unique("wait");
        declared(QueueBuilder.durable(work).deadLetterExchange("").deadLetterRoutingKey(wait));
        declared(QueueBuilder.durable(wait)
                .deadLetterExchange("")
                .deadLetterRoutingKey(work)
                .ttl(100));
        List<Long> counts = new CopyOnWriteArrayList<>();
        AtomicInteger done = new AtomicInteger();
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(factory);
        container.setQueueNames(work);
        container.setDefaultRequeueRejected(false);
        container.setMessageListener((MessageListener) message -> {
            long deaths = message.getMessageProperties().getXDeathHeader() == null
                    ? 0
                    : (Long) message.getMessageProperties()
                            .getXDeathHeader()
                            .get(0)
                            .get("count");
            counts.add(deaths);
            if (deaths < 3) {
                throw new AmqpRejectAndDontRequeueException("not yet");
            }
            done.incrementAndGet();
        });
        container.start();
        try {
            template.convertAndSend("", work, "m");
            Awaitility.await().atMost(PATIENCE_S, TimeUnit.SECONDS).until(() -> done.get() == 1);
            assertThat(counts).containsExactly(0L, 1L, 2L, 3L);
        } finally {
            container.stop();
            admin.deleteQueue(work);
            admin.deleteQueue(wait);
        }
    }

    @Test
    void requestsAreReplied() {
        Queue queue = declared();
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(factory);
        container.setQueues(queue);
        container.setMessageListener((MessageListener) request -> template.convertAndSend(
                "", request.getMessageProperties().getReplyTo(), "re: " + text(request), reply -> {
                    reply.getMessageProperties()
                            .setCorrelationId(request.getMessageProperties().getCorrelationId());
                    return reply;
                }));
        container.start();
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(template.convertSendAndReceive("", queue.getName(), "" + i))
                        .isEqualTo("re: " + i);
            }
        } finally {
            container.stop();
        }
    }

    @Test
    void aDeletedQueueIsDeclaredAnewByItsListener() {
        Queue queue = QueueBuilder.durable(AmqpUnderTest.unique("spring")).build();
        admin.declareQueue(queue);
        AtomicInteger heard = new AtomicInteger();
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(factory);
        container.setQueues(queue);
        container.setRecoveryInterval(100);
        container.setMissingQueuesFatal(false);
        container.setFailedDeclarationRetryInterval(100);
        container.setMessageListener((MessageListener) message -> heard.incrementAndGet());
        container.start();
        try {
            template.convertAndSend("", queue.getName(), "1");
            Awaitility.await().atMost(PATIENCE_S, TimeUnit.SECONDS).until(() -> heard.get() == 1);
            admin.deleteQueue(queue.getName());
            admin.declareQueue(queue);
            template.convertAndSend("", queue.getName(), "2");
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> heard.get() == 2);
        } finally {
            container.stop();
            admin.deleteQueue(queue.getName());
        }
    }

    @Test
    void aWrongPasswordIsToldAsSuch() {
        CachingConnectionFactory wrong = new CachingConnectionFactory(broker.host(), broker.port());
        wrong.setUsername("guest");
        wrong.setPassword("wrong");
        assertThatThrownBy(wrong::createConnection).isInstanceOf(AmqpAuthenticationException.class);
        wrong.destroy();
    }
}
