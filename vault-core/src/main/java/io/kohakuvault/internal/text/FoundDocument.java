package io.kohakuvault.internal.text;

import io.kohakuvault.text.TextHit;
import java.util.List;
import java.util.Optional;

/** What the public type stands for, as it was read. */
public record FoundDocument(long id, double score, Optional<Object> value, Optional<String> snippet, List<String> texts)
        implements TextHit {}
