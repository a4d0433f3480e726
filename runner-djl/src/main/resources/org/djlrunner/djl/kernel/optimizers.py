  # All optimizers take flat tensors: weight, gradient, then their states; and as numbers: slice, row
  # width, then rows of offset, state offset, length and options. Weight and states are updated in
  # place, slice by slice, so that temporaries stay in a processor's cache; the gradient is left as
  # it is.

  # A range of a flat tensor in slices.
  def pieces(self: __torch__.Kernels,
      flat: Tensor,
      offset: float,
      length: float,
      slice: float) -> List[Tensor]:
    return torch.split(torch.narrow(flat, 0, int(offset), int(length)), int(slice))

  # states: momentum_buffer. options: lr, momentum, dampening, weight_decay, nesterov, maximize,
  # first (no buffer yet).
  def sgd(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      offset, state_offset, length, lr, momentum, dampening, weight_decay, nesterov, maximize, first = torch.slice(numbers, row, torch.add(row, width), 1)
      weights = (self).pieces(tensors[0], offset, length, numbers[0], )
      gradients = (self).pieces(tensors[1], offset, length, numbers[0], )
      buffers = (self).pieces(tensors[2], state_offset, length, numbers[0], )
      for i in range(torch.len(weights)):
        weight = weights[i]
        gradient = gradients[i]
        if torch.ne(maximize, 0.):
          gradient = torch.neg(gradient)
        if torch.ne(weight_decay, 0.):
          gradient = torch.add(gradient, weight, alpha=weight_decay)
        if torch.ne(momentum, 0.):
          buffer = buffers[i]
          if torch.ne(first, 0.):
            _0 = torch.copy_(buffer, gradient)
          else:
            _1 = torch.add_(torch.mul_(buffer, momentum), gradient, alpha=torch.sub(1., dampening))
          if torch.ne(nesterov, 0.):
            gradient = torch.add(gradient, buffer, alpha=momentum)
          else:
            gradient = buffer
        _2 = torch.add_(weight, gradient, alpha=torch.neg(lr))
    return torch.len(numbers)

  # states: exp_avg, exp_avg_sq, max_exp_avg_sq. options: lr, beta1, beta2, eps, weight_decay,
  # decoupled, amsgrad, maximize, step (from 1).
  def adam(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      offset, state_offset, length, lr, beta1, beta2, eps, weight_decay, decoupled, amsgrad, maximize, step = torch.slice(numbers, row, torch.add(row, width), 1)
      correction1 = torch.sub(1., torch.pow(beta1, step))
      correction2 = torch.sqrt(torch.sub(1., torch.pow(beta2, step)))
      weights = (self).pieces(tensors[0], offset, length, numbers[0], )
      gradients = (self).pieces(tensors[1], offset, length, numbers[0], )
      exp_avgs = (self).pieces(tensors[2], state_offset, length, numbers[0], )
      exp_avg_sqs = (self).pieces(tensors[3], state_offset, length, numbers[0], )
      max_exp_avg_sqs = (self).pieces(tensors[4], state_offset, length, numbers[0], )
      for i in range(torch.len(weights)):
        weight = weights[i]
        gradient = gradients[i]
        if torch.ne(maximize, 0.):
          gradient = torch.neg(gradient)
        if torch.ne(weight_decay, 0.):
          if torch.ne(decoupled, 0.):
            _0 = torch.mul_(weight, torch.sub(1., torch.mul(lr, weight_decay)))
          else:
            gradient = torch.add(gradient, weight, alpha=weight_decay)
        exp_avg = exp_avgs[i]
        exp_avg_sq = exp_avg_sqs[i]
        _1 = torch.add_(torch.mul_(exp_avg, beta1), gradient, alpha=torch.sub(1., beta1))
        _2 = torch.addcmul_(torch.mul_(exp_avg_sq, beta2), gradient, gradient, value=torch.sub(1., beta2))
        second = exp_avg_sq
        if torch.ne(amsgrad, 0.):
          second = max_exp_avg_sqs[i]
          _3 = torch.copy_(second, torch.maximum(second, exp_avg_sq))
        denominator = torch.add_(torch.div(torch.sqrt(second), correction2), eps)
        _4 = torch.addcdiv_(weight, exp_avg, denominator, value=torch.neg(torch.div(lr, correction1)))
    return torch.len(numbers)

  # states: square_avg, grad_avg, momentum_buffer. options: lr, alpha, eps, weight_decay, momentum,
  # centered, maximize.
  def rmsprop(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      offset, state_offset, length, lr, alpha, eps, weight_decay, momentum, centered, maximize = torch.slice(numbers, row, torch.add(row, width), 1)
      weights = (self).pieces(tensors[0], offset, length, numbers[0], )
      gradients = (self).pieces(tensors[1], offset, length, numbers[0], )
      square_avgs = (self).pieces(tensors[2], state_offset, length, numbers[0], )
      grad_avgs = (self).pieces(tensors[3], state_offset, length, numbers[0], )
      buffers = (self).pieces(tensors[4], state_offset, length, numbers[0], )
      for i in range(torch.len(weights)):
        weight = weights[i]
        gradient = gradients[i]
        if torch.ne(maximize, 0.):
          gradient = torch.neg(gradient)
        if torch.ne(weight_decay, 0.):
          gradient = torch.add(gradient, weight, alpha=weight_decay)
        square_avg = square_avgs[i]
        _0 = torch.addcmul_(torch.mul_(square_avg, alpha), gradient, gradient, value=torch.sub(1., alpha))
        variance = square_avg
        if torch.ne(centered, 0.):
          grad_avg = grad_avgs[i]
          _1 = torch.add_(torch.mul_(grad_avg, alpha), gradient, alpha=torch.sub(1., alpha))
          variance = torch.addcmul(square_avg, grad_avg, grad_avg, value=-1.)
        denominator = torch.add_(torch.sqrt(variance), eps)
        if torch.gt(momentum, 0.):
          buffer = buffers[i]
          _2 = torch.addcdiv_(torch.mul_(buffer, momentum), gradient, denominator)
          _3 = torch.add_(weight, buffer, alpha=torch.neg(lr))
        else:
          _4 = torch.addcdiv_(weight, gradient, denominator, value=torch.neg(lr))
    return torch.len(numbers)

  # states: sum. options: lr, lr_decay, eps, weight_decay, maximize, step (from 1).
  def adagrad(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      offset, state_offset, length, lr, lr_decay, eps, weight_decay, maximize, step = torch.slice(numbers, row, torch.add(row, width), 1)
      rate = torch.div(lr, torch.add(1., torch.mul(torch.sub(step, 1.), lr_decay)))
      weights = (self).pieces(tensors[0], offset, length, numbers[0], )
      gradients = (self).pieces(tensors[1], offset, length, numbers[0], )
      sums = (self).pieces(tensors[2], state_offset, length, numbers[0], )
      for i in range(torch.len(weights)):
        weight = weights[i]
        gradient = gradients[i]
        if torch.ne(maximize, 0.):
          gradient = torch.neg(gradient)
        if torch.ne(weight_decay, 0.):
          gradient = torch.add(gradient, weight, alpha=weight_decay)
        squares = sums[i]
        _0 = torch.addcmul_(squares, gradient, gradient)
        _1 = torch.addcdiv_(weight, gradient, torch.add_(torch.sqrt(squares), eps), value=torch.neg(rate))
    return torch.len(numbers)

  # states: square_avg, acc_delta. options: lr, rho, eps, weight_decay, maximize.
  def adadelta(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      offset, state_offset, length, lr, rho, eps, weight_decay, maximize = torch.slice(numbers, row, torch.add(row, width), 1)
      weights = (self).pieces(tensors[0], offset, length, numbers[0], )
      gradients = (self).pieces(tensors[1], offset, length, numbers[0], )
      square_avgs = (self).pieces(tensors[2], state_offset, length, numbers[0], )
      acc_deltas = (self).pieces(tensors[3], state_offset, length, numbers[0], )
      for i in range(torch.len(weights)):
        weight = weights[i]
        gradient = gradients[i]
        if torch.ne(maximize, 0.):
          gradient = torch.neg(gradient)
        if torch.ne(weight_decay, 0.):
          gradient = torch.add(gradient, weight, alpha=weight_decay)
        square_avg = square_avgs[i]
        acc_delta = acc_deltas[i]
        _0 = torch.addcmul_(torch.mul_(square_avg, rho), gradient, gradient, value=torch.sub(1., rho))
        deviation = torch.sqrt_(torch.add(square_avg, eps))
        delta = torch.mul_(torch.div_(torch.sqrt_(torch.add(acc_delta, eps)), deviation), gradient)
        _1 = torch.addcmul_(torch.mul_(acc_delta, rho), delta, delta, value=torch.sub(1., rho))
        _2 = torch.add_(weight, delta, alpha=torch.neg(lr))
    return torch.len(numbers)

  # states: exp_avg, exp_inf. options: lr, beta1, beta2, eps, weight_decay, maximize, step (from 1).
  def adamax(self: __torch__.Kernels,
      tensors: List[Tensor],
      numbers: List[float]) -> int:
    width = int(numbers[1])
    for row in range(2, torch.len(numbers), width):
      offset, state_offset, length, lr, beta1, beta2, eps, weight_decay, maximize, step = torch.slice(numbers, row, torch.add(row, width), 1)
      rate = torch.div(lr, torch.sub(1., torch.pow(beta1, step)))
      weights = (self).pieces(tensors[0], offset, length, numbers[0], )
      gradients = (self).pieces(tensors[1], offset, length, numbers[0], )
      exp_avgs = (self).pieces(tensors[2], state_offset, length, numbers[0], )
      exp_infs = (self).pieces(tensors[3], state_offset, length, numbers[0], )
      for i in range(torch.len(weights)):
        weight = weights[i]
        gradient = gradients[i]
        if torch.ne(maximize, 0.):
          gradient = torch.neg(gradient)
        if torch.ne(weight_decay, 0.):
          gradient = torch.add(gradient, weight, alpha=weight_decay)
        exp_avg = exp_avgs[i]
        exp_inf = exp_infs[i]
        _0 = torch.add_(torch.mul_(exp_avg, beta1), gradient, alpha=torch.sub(1., beta1))
        largest = torch.maximum(torch.mul(exp_inf, beta2), torch.add_(torch.abs(gradient), eps))
        _1 = torch.copy_(exp_inf, largest)
        _2 = torch.addcdiv_(weight, exp_avg, exp_inf, value=torch.neg(rate))
    return torch.len(numbers)
