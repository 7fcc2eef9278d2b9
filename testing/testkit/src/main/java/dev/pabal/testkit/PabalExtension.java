package dev.pabal.testkit;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts and ends the broker of a {@link PabalTest} and hands it to parameters. */
public final class PabalExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PabalExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        broker(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EmbeddedPabal.class
                || (type == String.class && parameter.isAnnotated(BootstrapServers.class))
                || ((type == String.class || type == URI.class) && parameter.isAnnotated(SqsEndpoint.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        EmbeddedPabal broker = broker(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == EmbeddedPabal.class) {
            return broker;
        }
        if (type == URI.class) {
            return URI.create(broker.sqsEndpoint());
        }
        return parameter.isAnnotated(SqsEndpoint.class) ? broker.sqsEndpoint() : broker.bootstrapServers();
    }

    /** The broker of the test's class: kept in the class's own context, so that nested classes with the annotation get their own. */
    private static EmbeddedPabal broker(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        return store.getOrComputeIfAbsent(EmbeddedPabal.class, key -> start(context), Running.class).broker;
    }

    private static Running start(ExtensionContext context) {
        EmbeddedPabal.Builder builder = EmbeddedPabal.builder();
        AnnotationSupport.findAnnotation(context.getRequiredTestClass(), PabalTest.class)
                .map(annotation -> List.of(annotation.config()))
                .orElse(List.of())
                .forEach(builder::config);
        return new Running(builder.start());
    }

    /** JUnit closes it with the context it is stored in. */
    private record Running(EmbeddedPabal broker) implements CloseableResource {
        @Override
        public void close() {
            broker.close();
        }
    }
}
