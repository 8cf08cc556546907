package io.kohakuvault.internal.offset;

import io.kohakuvault.offset.Claim;

/** What the public type stands for, as it was read. */
public record HeldClaim(String source, String topic, int partition, long epoch, long nextOffset) implements Claim {}
