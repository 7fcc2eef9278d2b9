/** Who asks: signatures (SigV4) against configured keys. */
@NullMarked
package dev.pabal.sqs.auth;

import org.jspecify.annotations.NullMarked;
