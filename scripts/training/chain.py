"""The states of paragraphs as a chain (conditional random fields, Lafferty et al. 2001): scores of single paragraphs, and what
may follow what. A block quotation goes on only where one stands before. Decoding the likeliest chain, as the program does, asks
for the scores as they are; only learning needs the sum over all chains."""
import torch
from torch.nn import functional as F

from corpora import IGNORED
from heads import AUTHORS, GOES_ON, STATES

IMPOSSIBLE = -1e4


def log_sum(scores, lengths):
    """The logarithm of the summed weights of all chains, for each row of scores (rows x paragraphs x states)."""
    follows = torch.zeros(STATES, STATES, device=scores.device)
    follows[AUTHORS, GOES_ON] = IMPOSSIBLE
    upto = [scores[:, 0]]
    for place in range(1, scores.shape[1]):
        upto.append(torch.logsumexp(upto[-1][:, :, None] + follows, dim=1) + scores[:, place])
    at_end = torch.stack(upto, dim=1)[torch.arange(len(scores)), lengths - 1]
    return torch.logsumexp(at_end, dim=-1)


def loss_of_chain(scores, states, lengths):
    """How unlikely the right chains are, for each paragraph whose state is known; what is not known may be anything."""
    right = F.one_hot(states.clamp(min=0), STATES).bool() | (states == IGNORED)[..., None]
    given = torch.where(right, scores, scores + IMPOSSIBLE)
    return (log_sum(scores, lengths) - log_sum(given, lengths)).sum() / (states != IGNORED).sum().clamp(min=1)
