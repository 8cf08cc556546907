package io.kohakuvault.internal.offset;

import io.kohakuvault.offset.Claim;
import java.util.Optional;

/** What the public type stands for, as it was read. */
public record HeldClaim(String source, String topic, int partition, long epoch, long nextOffset, Optional<String> note)
        implements Claim {}
