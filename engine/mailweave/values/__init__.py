"""What values are, below every language: missing ones, whole numbers of 64 bits, money, time, text.

Inside the engine each value has one normal form, chosen so that plain comparison of two of them is exact:

    int, number, ratio   int, float            missing: NaN
    money                int, ten-thousandths  missing: NaN
    instant, duration    int, microseconds     missing: NaN
    date                 int, days             missing: NaN
    text, key, enum      str                   missing: None
    bool                 bool                  missing: None
"""
