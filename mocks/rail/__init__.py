"""Stand-in for the railway platform of the China–Europe trains (中欧班列) out of Zhengzhou."""
