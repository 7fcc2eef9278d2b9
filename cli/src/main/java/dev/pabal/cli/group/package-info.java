/** {@code pabal group}: lists, describes, resets and deletes consumer groups. */
@org.jspecify.annotations.NullMarked
package dev.pabal.cli.group;
