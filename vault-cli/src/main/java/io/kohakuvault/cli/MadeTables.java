package io.kohakuvault.cli;

import io.kohakuvault.text.TextOptions;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorType;
import java.util.Locale;

/** What options say of tables of documents and vectors, in the words of a command line. */
final class MadeTables {
    private MadeTables() {}

    /** How text is cut into words. */
    enum Tokenizer {
        unicode61,
        porter,
        trigram;

        static TextOptions.Tokenizer of(Tokenizer said) {
            return TextOptions.Tokenizer.valueOf(said.name().toUpperCase(Locale.ROOT));
        }
    }

    /** What numbers a table may have. */
    enum Numbers {
        f32,
        int8,
        bit;

        static VectorType of(Numbers said) {
            return said == null ? null : VectorType.valueOf(said.name().toUpperCase(Locale.ROOT));
        }
    }

    /** Distances that a table may have. */
    enum Distance {
        cosine,
        l2,
        l1,
        hamming;

        static Metric of(Distance said) {
            return said == null ? null : Metric.valueOf(said.name().toUpperCase(Locale.ROOT));
        }
    }

    /** Distances that a search may have. */
    enum QueryDistance {
        cosine,
        l2,
        l1,
        dot,
        hamming;

        static Metric of(QueryDistance said) {
            return Metric.valueOf(said.name().toUpperCase(Locale.ROOT));
        }
    }
}
