/**
 * A Kafka Connect sink that appends topics to a vault, exactly once: {@link io.kohakuvault.connect.VaultSinkConnector}.
 */
@NullMarked
package io.kohakuvault.connect;

import org.jspecify.annotations.NullMarked;
