package io.kohakuvault.internal.vec0;

/** A column that vec0 keeps beside the vectors to filter by. */
public record MetadataColumn(String name, MetadataType type) {}
