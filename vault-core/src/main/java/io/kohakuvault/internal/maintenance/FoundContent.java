package io.kohakuvault.internal.maintenance;

import io.kohakuvault.maintenance.Content;

/** What the public type stands for, as it was read. */
public record FoundContent(Content.Kind kind, String name, String type, long count) implements Content {}
