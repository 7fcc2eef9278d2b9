/** Declaring, binding and deleting what messages travel through, and who may do so. */
@NullMarked
package dev.pabal.broker.topology;

import org.jspecify.annotations.NullMarked;
