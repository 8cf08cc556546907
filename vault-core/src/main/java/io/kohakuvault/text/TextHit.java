package io.kohakuvault.text;

import java.util.Optional;

/**
 * A document that a search found.
 *
 * @param id the document
 * @param score BM25 negated: higher is better, comparable within one search only
 * @param value what was stored with the document; empty for null
 * @param snippet the part of the text around the hits, when it was asked for
 */
public record TextHit(long id, double score, Optional<Object> value, Optional<String> snippet) {}
