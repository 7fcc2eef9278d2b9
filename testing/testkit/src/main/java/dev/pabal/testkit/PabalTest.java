package dev.pabal.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class against a broker of its own: started in this process before the first test, on free ports of the loopback address and a
 * temporary directory, closed and removed after the last.
 *
 * <pre>{@code
 * @PabalTest(config = "num.partitions=3")
 * class OrdersTest {
 *     @Test
 *     void keepsOrders(@BootstrapServers String servers) { ... }   // or a parameter of type EmbeddedPabal
 *
 *     @Test
 *     void sendsOrders(@SqsEndpoint URI endpoint) { ... }          // or a String
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PabalExtension.class)
public @interface PabalTest {
    /** Config keys of the program or of Kafka's brokers, each as {@code key=value}. */
    String[] config() default {};
}
