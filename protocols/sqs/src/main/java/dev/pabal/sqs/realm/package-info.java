/** Regions and accounts: to whom a queue belongs, and under which name the catalog keeps it. Pure. */
@NullMarked
package dev.pabal.sqs.realm;

import org.jspecify.annotations.NullMarked;
