/**
 * Searches documents and vectors together ({@link io.kohakuvault.search.HybridSearch}), and fuses ranked lists of any
 * searches ({@link io.kohakuvault.search.Fusion}).
 *
 * <pre>{@code
 * List<TextHit> byWords = vault.text("docs").search(TextQuery.all("machine learning"), 20);
 * List<VectorHit> byVector = vault.vectors("docs_vectors").search(vector, 20);
 * List<FusedHit<Object>> best = Fusion.reciprocalRank(
 *         List.of(
 *                 byWords.stream().map(hit -> hit.value().orElse("")).toList(),
 *                 byVector.stream().map(hit -> hit.value().orElse("")).toList()),
 *         10);
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.search;

import org.jspecify.annotations.NullMarked;
