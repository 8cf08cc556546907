package io.kohakuvault.offset;

/**
 * The right to deliver one partition of a source, until somebody else claims it.
 *
 * @param source who delivers, for example a connector's name
 * @param topic the topic
 * @param partition the partition, at least 0
 * @param epoch counts the claims on this partition; a later claim has a higher one
 * @param nextOffset the offset to go on from, -1 when nothing was delivered yet
 */
public record Claim(String source, String topic, int partition, long epoch, long nextOffset) {}
