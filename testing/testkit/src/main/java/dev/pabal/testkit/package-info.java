/** What tests need to run against Pabal, published for other projects too: a broker inside the test's process, and one as a process. */
@org.jspecify.annotations.NullMarked
package dev.pabal.testkit;
