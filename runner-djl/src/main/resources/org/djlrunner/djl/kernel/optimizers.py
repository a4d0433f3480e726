  # tensors: weight, gradient, buffer, all flat. options: lr, momentum, dampening, weight_decay,
  # nesterov, first, slice. Updates weight and buffer in place, slice by slice, so that temporaries
  # stay in a processor's cache; leaves the gradient as it is.
  def sgd(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    lr, momentum, dampening, weight_decay, nesterov, first, slice = options
    weights = torch.split(tensors[0], int(slice))
    gradients = torch.split(tensors[1], int(slice))
    buffers = torch.split(tensors[2], int(slice))
    for i in range(len(weights)):
      weight = weights[i]
      direction = gradients[i]
      if torch.ne(weight_decay, 0.):
        direction = torch.add(direction, weight, alpha=weight_decay)
      if torch.ne(momentum, 0.):
        buffer = buffers[i]
        if torch.ne(first, 0.):
          _0 = torch.copy_(buffer, direction)
        else:
          _1 = torch.add_(torch.mul_(buffer, momentum), direction, alpha=torch.sub(1., dampening))
        if torch.ne(nesterov, 0.):
          direction = torch.add(direction, buffer, alpha=momentum)
        else:
          direction = buffer
      _2 = torch.add_(weight, direction, alpha=torch.neg(lr))
    return len(weights)

  # tensors: weight, gradient, exp_avg, exp_avg_sq, max_exp_avg_sq. options: lr, beta1, beta2, eps,
  # weight_decay, decoupled, amsgrad, step (from 1), slice.
  def adam(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    lr, beta1, beta2, eps, weight_decay, decoupled, amsgrad, step, slice = options
    correction1 = torch.sub(1., torch.pow(beta1, step))
    correction2 = torch.sqrt(torch.sub(1., torch.pow(beta2, step)))
    weights = torch.split(tensors[0], int(slice))
    gradients = torch.split(tensors[1], int(slice))
    exp_avgs = torch.split(tensors[2], int(slice))
    exp_avg_sqs = torch.split(tensors[3], int(slice))
    max_exp_avg_sqs = torch.split(tensors[4], int(slice))
    for i in range(len(weights)):
      weight = weights[i]
      gradient = gradients[i]
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
    return len(weights)

  # tensors: weight, gradient, square_avg, grad_avg, momentum_buffer. options: lr, alpha, eps,
  # weight_decay, momentum, centered, slice.
  def rmsprop(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    lr, alpha, eps, weight_decay, momentum, centered, slice = options
    weights = torch.split(tensors[0], int(slice))
    gradients = torch.split(tensors[1], int(slice))
    square_avgs = torch.split(tensors[2], int(slice))
    grad_avgs = torch.split(tensors[3], int(slice))
    buffers = torch.split(tensors[4], int(slice))
    for i in range(len(weights)):
      weight = weights[i]
      gradient = gradients[i]
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
    return len(weights)

  # tensors: weight, gradient, sum. options: lr, lr_decay, eps, weight_decay, step (from 1), slice.
  def adagrad(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    lr, lr_decay, eps, weight_decay, step, slice = options
    rate = torch.div(lr, torch.add(1., torch.mul(torch.sub(step, 1.), lr_decay)))
    weights = torch.split(tensors[0], int(slice))
    gradients = torch.split(tensors[1], int(slice))
    sums = torch.split(tensors[2], int(slice))
    for i in range(len(weights)):
      weight = weights[i]
      gradient = gradients[i]
      if torch.ne(weight_decay, 0.):
        gradient = torch.add(gradient, weight, alpha=weight_decay)
      squares = sums[i]
      _0 = torch.addcmul_(squares, gradient, gradient)
      _1 = torch.addcdiv_(weight, gradient, torch.add_(torch.sqrt(squares), eps), value=torch.neg(rate))
    return len(weights)
