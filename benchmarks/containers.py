"""Lists and exceptions: the cases of the tables `lists` and `exceptions`, with their C++ versions."""
from cases import Case


def append(n):
    items = []
    for i in range(n):
        items.append(i * 0.5)
    total = 0.0
    for x in items:
        total += x
    return total


def sum_of_tuples(n):
    pairs = []
    for i in range(n):
        pairs.append((i, i * 0.5))
    total = 0.0
    for count, weight in pairs:
        total += count * weight
    return total


def stack(n):
    waiting = [n]
    seen = 0
    while waiting:
        k = waiting.pop()
        seen += k & 7
        if k > 1:
            waiting.append(k // 2)
            waiting.append(k - k // 2)
    return float(seen)


def comprehension(n):
    return float(sum([i * i for i in range(n) if i % 3]))


def sort(n):
    items = []
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        items.append(state / 2147483648)
    items.sort()
    return items[0] + items[n // 2] + items[-1]


def argument_of_floats(items):
    total = 0.0
    for x in items:
        total += x
    return total


def result_of_floats(n):
    return [i * 0.5 for i in range(n)]


def try_that_never_raises(n):
    total = 0.0
    for i in range(n):
        try:
            if i < 0:
                raise ValueError
            total += i * 0.5
        except Exception:
            total -= 1.0
    return total


def try_that_always_raises(n):
    total = 0.0
    for i in range(n):
        try:
            if i >= 0:
                raise ValueError
            total += i * 0.5
        except Exception:
            total -= 1.0
    return total


LISTS = [
    Case(append, lambda: (10_000,), """
        std::vector<double> items;
        for (long i = 0; i < n; i++) items.push_back(i * 0.5);
        double total = 0; for (double x : items) total += x;
        return total;"""),
    Case(sum_of_tuples, lambda: (10_000,), """
        std::vector<std::pair<long, double>> pairs;
        for (long i = 0; i < n; i++) pairs.emplace_back(i, i * 0.5);
        double total = 0; for (auto& p : pairs) total += p.first * p.second;
        return total;"""),
    Case(stack, lambda: (5_000,), """
        std::vector<long> waiting{n};
        long seen = 0;
        while (!waiting.empty()) {
            long k = waiting.back(); waiting.pop_back();
            seen += k & 7;
            if (k > 1) { waiting.push_back(k / 2); waiting.push_back(k - k / 2); }
        }
        return seen;"""),
    Case(comprehension, lambda: (10_000,), """
        std::vector<long> items;
        for (long i = 0; i < n; i++) if (i % 3) items.push_back(i * i);
        long total = 0; for (long x : items) total += x;
        return total;"""),
    Case(sort, lambda: (10_000,), """
        std::vector<double> items;
        long state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            items.push_back(state / 2147483648.0);
        }
        std::stable_sort(items.begin(), items.end());
        return items[0] + items[n / 2] + items[n - 1];"""),
    Case(argument_of_floats, lambda: ([i * 0.5 for i in range(1000)],)),
    Case(result_of_floats, lambda: (1000,)),
]

EXCEPTIONS = [
    Case(try_that_never_raises, lambda: (10_000,), """
        double total = 0;
        for (long i = 0; i < n; i++)
            try { if (i < 0) throw std::invalid_argument(""); total += i * 0.5; }
            catch (const std::exception&) { total -= 1; }
        return total;"""),
    Case(try_that_always_raises, lambda: (10_000,), """
        double total = 0;
        for (long i = 0; i < n; i++)
            try { if (i >= 0) throw std::invalid_argument(""); total += i * 0.5; }
            catch (const std::exception&) { total -= 1; }
        return total;"""),
]
