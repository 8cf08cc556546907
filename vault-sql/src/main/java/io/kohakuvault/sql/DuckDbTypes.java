package io.kohakuvault.sql;

import io.kohakuvault.sql.SqlText.Token;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Types as DuckDB writes them, such as {@code STRUCT(a HUGEINT, "b c" BIT[])}: which are within them. */
final class DuckDbTypes {
    private static final Set<String> WIDE = Set.of("HUGEINT", "UHUGEINT");

    /** Types that DuckDB's batches of Arrow have as another, but for times with an offset. */
    private static final Set<String> UNTOLD = Set.of("BIT", "BIGNUM", "UHUGEINT");

    private DuckDbTypes() {}

    /** The first type, alone or within lists and structs, that batches hand out as something else; null for none. */
    static @Nullable String untold(String type) {
        List<Token> tokens = SqlText.tokens(type);
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is("TIME") && isFollowedBy(tokens, i, "WITH")) {
                return "TIME WITH TIME ZONE";
            } else if (UNTOLD.contains(tokens.get(i).text()) && isType(tokens, i)) {
                return tokens.get(i).text();
            }
        }
        return null;
    }

    /** The type with decimals in place of integers of 128 bits, which Parquet has not. */
    static String withDecimals(String type) {
        StringBuilder changed = new StringBuilder();
        List<Token> tokens = SqlText.tokens(type);
        int at = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (WIDE.contains(token.text()) && isType(tokens, i)) {
                changed.append(type, at, token.start()).append("DECIMAL(38, 0)");
                at = token.end();
            }
        }
        return changed.append(type.substring(at)).toString();
    }

    /** Whether a word is a type: the name of a struct's value has its type behind it. */
    private static boolean isType(List<Token> tokens, int i) {
        return i + 1 == tokens.size()
                || isFollowedBy(tokens, i, ",")
                || isFollowedBy(tokens, i, ")")
                || isFollowedBy(tokens, i, "[");
    }

    private static boolean isFollowedBy(List<Token> tokens, int i, String text) {
        return i + 1 < tokens.size() && tokens.get(i + 1).is(text);
    }
}
