package dev.pabal.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules point down only; each rule says why, and how to mend a breach. */
@AnalyzeClasses(packages = "dev.pabal", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyRulesTest {
    private static final String[] JDK = {"java..", "javax..", "jdk..", "com.sun.nio.file.."};
    private static final String PERSISTENT_MAPS = "org.pcollections..";
    private static final String NULLNESS = "org.jspecify.annotations..";

    @ArchTest
    static final ArchRule theLogNeedsTheJdkOnly = classes()
            .that()
            .resideInAPackage("dev.pabal.log..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(JDK).or(resideInAnyPackage(NULLNESS, "dev.pabal.log..")))
            .because(
                    "everything stands on the log, so it stands on nothing: another store must be able to take its place."
                            + " Hand what it needs in from above, as an interface that core/log declares (like BatchCompactor)");

    @ArchTest
    static final ArchRule theCatalogNeedsPersistentMapsOnly = classes()
            .that()
            .resideInAPackage("dev.pabal.catalog..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(JDK).or(resideInAnyPackage(NULLNESS, PERSISTENT_MAPS, "dev.pabal.catalog..")))
            .because("what exists is plain data that every part may hold. Keep storing and serving it in core/broker");

    @ArchTest
    static final ArchRule routingNeedsPersistentMapsOnly = classes()
            .that()
            .resideInAPackage("dev.pabal.routing..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(JDK).or(resideInAnyPackage(NULLNESS, PERSISTENT_MAPS, "dev.pabal.routing..")))
            .because("who gets a message follows from exchanges and bindings alone."
                    + " Describe them as ExchangeSpec and BindingSpec in core/broker");

    @ArchTest
    static final ArchRule messageKnowsNothingAboveIt = noClasses()
            .that()
            .resideInAPackage("dev.pabal.message..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.pabal..")
                    .and(not(resideInAnyPackage("dev.pabal.message..", "dev.pabal.log..", "dev.pabal.catalog.."))))
            .because("the stored record is the same for every protocol. Move what a protocol wants into that protocol");

    @ArchTest
    static final ArchRule theBrokerKnowsNoProtocol = noClasses()
            .that()
            .resideInAPackage("dev.pabal.broker..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.pabal..")
                    .and(not(resideInAnyPackage(
                            "dev.pabal.broker..",
                            "dev.pabal.message..",
                            "dev.pabal.log..",
                            "dev.pabal.catalog..",
                            "dev.pabal.routing..",
                            "dev.pabal.queue.."))))
            .because("a new protocol must be one new module and touch no other."
                    + " Say it in the broker's own words (Refusal, Partition) and translate in the protocol");

    @ArchTest
    static final ArchRule theCoreHasNoNetwork = noClasses()
            .that()
            .resideInAnyPackage("dev.pabal.log..", "dev.pabal.catalog..", "dev.pabal.message..", "dev.pabal.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "java.net..", "info.picocli..", "picocli..")
            .because(
                    "connections belong to protocols. Hand the core bytes and callbacks; a shard gets its thread as an Executor");

    @ArchTest
    static final ArchRule protocolsNeverSeeEachOther = slices().matching("dev.pabal.(kafka|amqp|sqs)..")
            .should()
            .notDependOnEachOther()
            .because(
                    "a protocol can be added or taken away alone. What two of them share belongs into core/broker or core/message");

    @ArchTest
    static final ArchRule protocolsUseTheCoreAndNothingAbove = noClasses()
            .that()
            .resideInAnyPackage("dev.pabal.kafka..", "dev.pabal.amqp..", "dev.pabal.sqs..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.pabal.server..", "dev.pabal.cli..", "dev.pabal.testkit..", "dev.pabal.logkit..")
            .because("the server wires protocols, they do not know it. Take what is needed as a constructor argument");

    @ArchTest
    static final ArchRule managementSpeaksWithTheBrokerOnly = noClasses()
            .that()
            .resideInAPackage("dev.pabal.admin..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "dev.pabal.server..",
                            "dev.pabal.cli..",
                            "dev.pabal.kafka..",
                            "dev.pabal.amqp..",
                            "dev.pabal.sqs..",
                            "io.netty..")
                    .or(resideInAPackage("java.net..")))
            .because(
                    "the management API is a function from requests to answers, and the server's listener carries both."
                            + " Ask through Broker, ClientConnections and AdminEnvironment");

    @ArchTest
    static final ArchRule sqsKnowsHttpInOnePackage = noClasses()
            .that()
            .resideInAPackage("dev.pabal.sqs..")
            .and()
            .resideOutsideOfPackage("dev.pabal.sqs.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.handler..", "io.netty.bootstrap..")
            .because("an action is the same however its request came. Take what is needed from Call, or add it there");

    @ArchTest
    static final ArchRule sqsActionsKnowNoWireForm = noClasses()
            .that()
            .resideInAnyPackage("dev.pabal.sqs.action..", "dev.pabal.sqs.queue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..", "com.fasterxml.jackson.core..", "dev.pabal.sqs.http..", "dev.pabal.sqs.auth..")
            .because("one handler serves JSON and Query alike. Read from Parameters and write to ReplyWriter");

    @ArchTest
    static final ArchRule theAwsSdkSignsInOnePackage = noClasses()
            .that()
            .resideInAPackage("dev.pabal..")
            .and()
            .resideOutsideOfPackages("dev.pabal.sqs.auth..", "dev.pabal.benchmarks..", "dev.pabal.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..")
            .because("the signer below the SDK's public one is internal and changes with its releases."
                    + " Wrap what is needed in dev.pabal.sqs.auth, where a test compares both");

    @ArchTest
    static final ArchRule storesAreSeenThroughTheSpi = noClasses()
            .that()
            .resideInAPackage("dev.pabal..")
            .and()
            .resideOutsideOfPackages(
                    "dev.pabal.log..", "dev.pabal.server..", "dev.pabal.logkit..", "dev.pabal.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.pabal.log.local..",
                    "dev.pabal.log.journal..",
                    "dev.pabal.log.segment..",
                    "dev.pabal.log.memory..")
            .because(
                    "another LogStore must fit without a change above it. Use dev.pabal.log; only the server picks a store");

    @ArchTest
    static final ArchRule kafkasCoordinatorStaysInOnePackage = noClasses()
            .that()
            .resideInAPackage("dev.pabal..")
            .and()
            .resideOutsideOfPackage("dev.pabal.kafka.group..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.apache.kafka.coordinator..",
                            "org.apache.kafka.server..",
                            "org.apache.kafka.image..",
                            "org.apache.kafka.metadata..",
                            "org.apache.kafka.controller..",
                            "org.apache.kafka.storage..",
                            "org.apache.kafka.timeline..",
                            "org.apache.kafka.raft..")
                    .and(not(simpleNameStartingWith("Feature").or(simpleNameStartingWith("MetadataVersion")))))
            .because(
                    "these classes of Kafka are internal and change with each release (but the plain table of feature levels)."
                            + " Wrap what is needed in dev.pabal.kafka.group, where contract tests cover it");

    @ArchTest
    static final ArchRule nobodyDependsOnTheServer = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.pabal.server..", "dev.pabal.cli..", "dev.pabal.testkit..", "dev.pabal.faults..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.pabal.server..")
            .because(
                    "the server is the root that joins all parts. Move the shared piece down into the part it belongs to");

    @ArchTest
    static final ArchRule nobodyDependsOnTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackages("dev.pabal.cli..", "dev.pabal.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.pabal.cli..")
            .because(
                    "the command line is one user of the program among others. Move the shared piece into the server or below");

    @ArchTest
    static final ArchRule theProductNeedsNoTestCode = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.pabal.testkit..", "dev.pabal.logkit..", "dev.pabal.peer..", "dev.pabal.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.junit..", "org.assertj..", "org.awaitility..", "dev.pabal.testkit..", "dev.pabal.logkit..")
            .because("what is shipped carries no test code. Move it to src/test or to testing/testkit");

    @ArchTest
    static final ArchRule modulesHaveNoCycles = slices().matching("dev.pabal.(*)..")
            .should()
            .beFreeOfCycles()
            .because("parts in a circle can only be read and changed together."
                    + " Turn one arrow round with an interface, or move the shared class down");
}
