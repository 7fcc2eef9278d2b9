package dev.pabal.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import dev.pabal.log.LogState;
import dev.pabal.log.seam.Clock;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** The pure parts give the same answer to the same input, on any machine and at any time; nothing loads code that input names. */
@AnalyzeClasses(packages = "dev.pabal", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityRulesTest {
    private static final ArchCondition<JavaClass> TOUCH_THE_WORLD = dependOnClassesThat(resideInAnyPackage(
                            "java.nio.file..",
                            "java.nio.channels..",
                            "java.net..",
                            "java.security..",
                            "io.netty..",
                            "org.slf4j..")
                    .or(DescribedPredicate.describe("are files or streams", PurityRulesTest::isFileOrStream))
                    .or(DescribedPredicate.describe("are threads, locks or executors", PurityRulesTest::isThreading))
                    .or(DescribedPredicate.describe("are random or clocks", PurityRulesTest::isRandomOrClock)))
            .or(callMethodWhere(calls(System.class, "currentTimeMillis", "nanoTime", "getenv", "getProperty"))
                    .or(callMethodWhere(calls(UUID.class, "randomUUID")))
                    .or(callMethodWhere(calls(Instant.class, "now"))))
            .as("touch files, network, threads, clocks or chance");

    @ArchTest
    static final ArchRule theCatalogIsPure = noClasses()
            .that()
            .resideInAPackage("dev.pabal.catalog..")
            .should(TOUCH_THE_WORLD)
            .because("replaying the catalog's log must give the same image everywhere."
                    + " Hand ids, times and bytes in as arguments from core/broker");

    @ArchTest
    static final ArchRule routingIsPure = noClasses()
            .that()
            .resideInAPackage("dev.pabal.routing..")
            .should(TOUCH_THE_WORLD)
            .because("a table routes the same message to the same places everywhere."
                    + " Exchanges that choose by chance take the caller's RandomGenerator");

    @ArchTest
    static final ArchRule viewsArePure = noClasses()
            .that()
            .resideInAPackage("dev.pabal.queue..")
            .should(TOUCH_THE_WORLD)
            .because("a view is replayed from its journal after a crash and must come to the same end."
                    + " Take times as arguments and hand wishes to ViewEffects");

    @ArchTest
    static final ArchRule logStatesArePure = noClasses()
            .that(assignableTo(LogState.class).and(DescribedPredicate.not(resideInAPackage("dev.pabal.logkit.."))))
            .should(TOUCH_THE_WORLD)
            .because("a state is what replaying its batches gives, live and at recovery alike."
                    + " Take times from the batch header; let the caller hold the lock and do the I/O");

    @ArchTest
    static final ArchRule timeComesThroughTheClock = noClasses()
            .that()
            .resideInAnyPackage("dev.pabal.log..", "dev.pabal.broker..", "dev.pabal.message..")
            .and(DescribedPredicate.not(belongToAnyOf(Clock.class)))
            .and(DescribedPredicate.not(
                    simpleName("AgentThread"))) // how long it spins before it sleeps: no outcome depends on it
            .and(DescribedPredicate.not(
                    simpleName("QuietLog"))) // how many warnings are printed in a second: no outcome depends on it
            .should(callMethodWhere(calls(System.class, "currentTimeMillis", "nanoTime"))
                    .or(callMethodWhere(calls(Instant.class, "now"))))
            .because("tests turn the clock and simulations replay it. Take a dev.pabal.log.seam.Clock as an argument");

    @ArchTest
    static final ArchRule nothingIsSerializedByJava = noClasses()
            .should()
            .dependOnClassesThat(belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class))
            .because(
                    "Java serialization runs code that bytes name. Write a versioned layout and draw it in the Javadoc");

    @ArchTest
    static final ArchRule noClassIsLoadedByName = noClasses()
            .should(callMethodWhere(calls(Class.class, "forName"))
                    .or(callMethodWhere(calls(ClassLoader.class, "loadClass", "defineClass"))))
            .because("input must never choose code. Keep a table from names to constructors");

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... methods) {
        DescribedPredicate<JavaCall<?>> any = DescribedPredicate.alwaysFalse();
        for (String method : methods) {
            any = any.or(target(owner(assignableTo(owner))).and(target(name(method))));
        }
        return any.as("call %s.%s", owner.getSimpleName(), String.join("|", methods));
    }

    private static boolean isFileOrStream(JavaClass type) {
        return type.getPackageName().equals("java.io")
                && !type.getSimpleName().startsWith("ByteArray") // memory only
                && !type.isAssignableTo(Exception.class)
                && !type.isEquivalentTo(Serializable.class);
    }

    private static boolean isThreading(JavaClass type) {
        return type.isEquivalentTo(Thread.class)
                || type.getPackageName().startsWith("java.util.concurrent")
                || type.isEquivalentTo(ThreadLocal.class);
    }

    private static boolean isRandomOrClock(JavaClass type) {
        return type.isAssignableTo(Random.class)
                || type.isEquivalentTo(java.time.Clock.class)
                || type.isEquivalentTo(Clock.class);
    }
}
