package io.kohakuvault.internal.vec0;

import java.util.ArrayList;
import java.util.List;

/**
 * What SQLite hands to a virtual table's module: CREATE VIRTUAL TABLE is cut into its parts as SQLite's own tokenizer
 * does it. Each argument is the text from its first token to its last, with the comments inside it.
 */
record ModuleCall(String table, String module, List<String> arguments) {

    static ModuleCall parse(String sql) throws DeclarationException {
        Scanner scanner = new Scanner(sql);
        scanner.expect("CREATE");
        scanner.expect("VIRTUAL");
        scanner.expect("TABLE");
        String table = scanner.name();
        if (table.equalsIgnoreCase("IF") && scanner.peekIs("NOT")) {
            scanner.expect("NOT");
            scanner.expect("EXISTS");
            table = scanner.name();
        }
        if (scanner.peekIs(".")) {
            scanner.expect(".");
            table = scanner.name();
        }
        scanner.expect("USING");
        String module = scanner.name();
        return new ModuleCall(table, module, scanner.peekIs("(") ? arguments(scanner, sql) : List.of());
    }

    private static List<String> arguments(Scanner scanner, String sql) throws DeclarationException {
        List<String> arguments = new ArrayList<>();
        scanner.expect("(");
        int depth = 0;
        int from = -1;
        int to = -1;
        while (scanner.next()) {
            char c = sql.charAt(scanner.start);
            if (depth == 0 && (c == ',' || c == ')')) {
                if (from >= 0) {
                    arguments.add(sql.substring(from, to));
                }
                from = -1;
                if (c == ')') {
                    return arguments;
                }
                continue;
            }
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
            from = from < 0 ? scanner.start : from;
            to = scanner.end;
        }
        throw new DeclarationException("its declaration does not end");
    }

    /** Goes from token to token. */
    private static final class Scanner {
        private final String sql;
        int start;
        int end;

        Scanner(String sql) {
            this.sql = sql;
        }

        private char at(int i) {
            return i < sql.length() ? sql.charAt(i) : 0;
        }

        private void skipSpace() {
            while (end < sql.length()) {
                char c = sql.charAt(end);
                if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r') {
                    end++;
                } else if (c == '-' && at(end + 1) == '-') {
                    int line = sql.indexOf('\n', end);
                    end = line < 0 ? sql.length() : line;
                } else if (c == '/' && at(end + 1) == '*') {
                    int close = sql.indexOf("*/", end + 2);
                    end = close < 0 ? sql.length() : close + 2;
                } else {
                    return;
                }
            }
        }

        /** False at the end. */
        boolean next() throws DeclarationException {
            skipSpace();
            start = end;
            if (end >= sql.length()) {
                return false;
            }
            char c = sql.charAt(end);
            switch (c) {
                case '\'', '"', '`' -> quoted(c);
                case '[' -> bracketed();
                default -> {
                    end++;
                    while (isWord(c) && end < sql.length() && isWord(sql.charAt(end))) {
                        end++;
                    }
                }
            }
            return true;
        }

        private static boolean isWord(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '$'
                    || c > 127;
        }

        private void quoted(char quote) throws DeclarationException {
            for (end++; end < sql.length(); end++) {
                if (sql.charAt(end) == quote) {
                    if (at(end + 1) != quote) {
                        end++;
                        return;
                    }
                    end++;
                }
            }
            throw new DeclarationException("its declaration has a quote that does not end");
        }

        private void bracketed() throws DeclarationException {
            int close = sql.indexOf(']', end);
            if (close < 0) {
                throw new DeclarationException("its declaration has a bracket that does not end");
            }
            end = close + 1;
        }

        boolean peekIs(String token) throws DeclarationException {
            int at = end;
            boolean is = next() && sql.substring(start, end).equalsIgnoreCase(token);
            end = at;
            return is;
        }

        void expect(String token) throws DeclarationException {
            if (!next() || !sql.substring(start, end).equalsIgnoreCase(token)) {
                throw new DeclarationException("it is not declared as a virtual table");
            }
        }

        /** A name without its quotes. */
        String name() throws DeclarationException {
            if (!next()) {
                throw new DeclarationException("its declaration does not end");
            }
            String token = sql.substring(start, end);
            char first = token.charAt(0);
            if (first == '[') {
                return token.substring(1, token.length() - 1);
            }
            if (first == '"' || first == '\'' || first == '`') {
                String quote = String.valueOf(first);
                return token.substring(1, token.length() - 1).replace(quote + quote, quote);
            }
            return token;
        }
    }
}
